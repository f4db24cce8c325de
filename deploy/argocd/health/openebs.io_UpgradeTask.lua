-- OpenEBS: the phase becomes Error only after the last retry. An error before it is shown, but the Job may still get through.
-- A task that is used again keeps Success from its last time: delete it before the next upgrade.
local status = obj.status or {}
local last = nil
for _, detail in ipairs(status.upgradeDetailedStatuses or {}) do
  last = detail
end
local text = ""
if last ~= nil then
  text = (last.step or "") .. " " .. (last.phase or "")
  if (last.message or "") ~= "" then text = text .. ": " .. last.message end
  if (last.reason or "") ~= "" then text = text .. " (" .. last.reason .. ")" end
end

if status.phase == "Success" then
  return {status = "Healthy", message = "upgraded to " .. (obj.spec.toVersion or "?")}
end
if status.phase == "Error" then
  return {status = "Degraded", message = text ~= "" and text or "the upgrade has failed"}
end
return {status = "Progressing", message = text ~= "" and text or "waiting for the upgrade Job"}
