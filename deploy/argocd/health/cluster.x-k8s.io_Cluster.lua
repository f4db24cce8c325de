-- Cluster API. Argo CD's own check believes the phase, which stays Provisioned during an upgrade, and calls a Cluster degraded whenever Ready is
-- False, which ends a sync during every roll of the control plane. Reads v1beta2 and v1beta1.
local status = obj.status or {}
local conditions = {}
for _, condition in ipairs((status.v1beta2 or {}).conditions or status.conditions or {}) do
  conditions[condition.type] = condition
end
local topology = conditions.TopologyReconciled
local rolling = conditions.RollingOut
local available = conditions.Available
local ready = conditions.Ready
local text = function(condition) return condition.message or condition.reason or condition.type end

if obj.spec.paused then
  return {status = "Suspended", message = "paused"}
end
if status.phase == "Failed" then
  return {status = "Degraded", message = "the phase is Failed"}
end
if (status.observedGeneration or 0) < (obj.metadata.generation or 0) then
  return {status = "Progressing", message = "the controllers have not seen the latest change yet"}
end
if status.phase ~= "Provisioned" then
  return {status = "Progressing", message = "the phase is " .. (status.phase or "not known yet")}
end
if topology ~= nil and topology.status == "False" then
  local failed = topology.reason == "ReconcileFailed" or topology.reason == "TopologyReconcileFailed"
  return {status = failed and "Degraded" or "Progressing", message = text(topology)}
end
if rolling ~= nil and rolling.status == "True" then
  return {status = "Progressing", message = text(rolling)}
end
if available ~= nil and available.status == "False" then
  return {status = "Degraded", message = text(available)}
end
-- v1beta1 has Ready with a severity instead.
if available == nil and ready ~= nil and ready.status == "False" then
  return {status = ready.severity == "Error" and "Degraded" or "Progressing", message = text(ready)}
end
return {status = "Healthy", message = "provisioned"}
