-- Cluster API. Argo CD's own check believes the phase, which says Running right after a new version was asked for, and for good when the
-- version is too far ahead of the control plane. Machines are counted here. Reads v1beta2 and v1beta1.
local status = obj.status or {}
local newer = status.v1beta2 or {}
local wanted = obj.spec.replicas or 1
local replicas = status.replicas or 0
local current = status.upToDateReplicas or newer.upToDateReplicas or status.updatedReplicas or 0
local available = status.availableReplicas or 0
local strategy = ((obj.spec.rollout or {}).strategy or obj.spec.strategy or {}).type

if obj.spec.paused then
  return {status = "Suspended", message = "paused"}
end
if status.phase == "Failed" then
  return {status = "Degraded", message = "the phase is Failed"}
end
if (status.observedGeneration or 0) < (obj.metadata.generation or 0) then
  return {status = "Progressing", message = "the controller has not seen the latest change yet"}
end
if current < wanted and strategy ~= "OnDelete" then
  return {status = "Progressing", message = current .. " of " .. wanted .. " machines are up to date"}
end
if replicas > wanted then
  return {status = "Progressing", message = (replicas - wanted) .. " old machines are still there"}
end
if available < wanted then
  return {status = "Progressing", message = available .. " of " .. wanted .. " machines are available"}
end
return {status = "Healthy", message = current .. " of " .. wanted .. " machines are up to date"}
