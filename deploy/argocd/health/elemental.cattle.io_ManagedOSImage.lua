-- Elemental's operator copies the conditions of its Fleet bundle. Ready says that the upgrade has been delivered to the clusters;
-- whether every node runs the new image is seen only in those clusters.
local conditions = {}
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  conditions[condition.type] = condition
end
local bundle = conditions.FleetBundleCreation
local ready = conditions.Ready

if bundle ~= nil and bundle.status == "False" then
  return {status = "Degraded", message = bundle.message or bundle.reason}
end
if ready == nil then
  return {status = "Progressing", message = "waiting for the Fleet bundle"}
end
if ready.status == "True" then
  return {status = "Healthy", message = "delivered to all clusters"}
end
local text = ready.message or ready.reason or ""
return {status = string.find(text, "ErrApplied", 1, true) and "Degraded" or "Progressing", message = text}
