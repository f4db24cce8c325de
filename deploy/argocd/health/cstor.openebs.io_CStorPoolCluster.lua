-- OpenEBS cStor: all pools there and healthy, and all of them at the desired version.
local status = obj.status or {}
local version = obj.versionDetails or {}
local current = version.status or {}
local desired = status.desiredInstances

if current.state == "ReconcileFailed" then
  return {status = "Degraded", message = current.message or current.reason or "the version could not be reconciled"}
end
if desired == nil then
  return {status = "Progressing", message = "the operator has not reported yet"}
end
if version.desired ~= nil and current.current ~= version.desired then
  return {status = "Progressing", message = "version " .. (current.current or "none") .. ", wanted " .. version.desired}
end
if (status.provisionedInstances or 0) < desired then
  return {status = "Progressing", message = (status.provisionedInstances or 0) .. " of " .. desired .. " pools are there"}
end
if (status.healthyInstances or 0) < desired then
  return {status = "Progressing", message = (status.healthyInstances or 0) .. " of " .. desired .. " pools are healthy"}
end
return {status = "Healthy", message = desired .. " pools are healthy"}
