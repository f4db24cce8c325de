-- Cluster API. Reads v1beta2 and v1beta1.
local status = obj.status or {}
local newer = status.v1beta2 or {}
local wanted = obj.spec.replicas or 1
local replicas = status.replicas or 0
local current = status.upToDateReplicas or newer.upToDateReplicas or status.updatedReplicas or 0
local ready = status.readyReplicas or 0
local initialized = (status.initialization or {}).controlPlaneInitialized or status.initialized

if (obj.metadata.annotations or {})["cluster.x-k8s.io/paused"] ~= nil then
  return {status = "Suspended", message = "paused"}
end
if (status.failureMessage or "") ~= "" then
  return {status = "Degraded", message = status.failureMessage}
end
if (status.observedGeneration or 0) < (obj.metadata.generation or 0) then
  return {status = "Progressing", message = "the controller has not seen the latest change yet"}
end
for _, condition in ipairs(newer.conditions or status.conditions or {}) do
  if condition.type == "Available" and condition.status == "False" and initialized then
    return {status = "Degraded", message = condition.message or condition.reason}
  end
end
if current < wanted then
  return {status = "Progressing", message = current .. " of " .. wanted .. " machines are up to date"}
end
if replicas > wanted then
  return {status = "Progressing", message = (replicas - wanted) .. " old machines are still there"}
end
if ready < wanted then
  return {status = "Progressing", message = ready .. " of " .. wanted .. " machines are ready"}
end
return {status = "Healthy", message = wanted .. " machines run " .. (obj.spec.version or "it")}
