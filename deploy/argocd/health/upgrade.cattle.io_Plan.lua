-- system-upgrade-controller. A failed Job is repeated for good and never shows in the Plan: this can't tell stuck from slow.
local status = obj.status or {}
local conditions = {}
for _, condition in ipairs(status.conditions or {}) do
  conditions[condition.type] = condition
end
for _, name in ipairs({"Validated", "LatestResolved"}) do
  local condition = conditions[name]
  if condition ~= nil and condition.status == "False" then
    return {status = "Degraded", message = name .. ": " .. (condition.message or condition.reason or "False")}
  end
end
-- The status keeps versions as label values: + becomes -.
local wanted = obj.spec.version and string.gsub(obj.spec.version, "+", "-")
if wanted ~= nil and status.latestVersion ~= wanted then
  return {status = "Progressing", message = "the controller has not seen version " .. obj.spec.version .. " yet"}
end
if conditions.Complete ~= nil and conditions.Complete.status == "True" then
  return {status = "Healthy", message = "all selected nodes run " .. (status.latestVersion or "it")}
end
local nodes = table.concat(status.applying or {}, ", ")
return {status = "Progressing", message = nodes ~= "" and "upgrading " .. nodes or "waiting for nodes"}
