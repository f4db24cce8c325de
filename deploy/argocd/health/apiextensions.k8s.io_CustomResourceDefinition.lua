-- Argo CD's own check calls a definition degraded until it is established, which takes a moment (with several API servers five seconds) and ends the
-- sync of whoever looks in that moment. Here it is progressing.
local conditions = {}
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  conditions[condition.type] = condition
end
local names = conditions.NamesAccepted
local established = conditions.Established
local structural = conditions.NonStructuralSchema

if conditions.Terminating ~= nil and conditions.Terminating.status == "True" then
  return {status = "Progressing", message = "terminating"}
end
if names ~= nil and names.status == "False" then
  return {status = "Degraded", message = "its names are taken: " .. (names.message or "")}
end
if structural ~= nil and structural.status == "True" then
  return {status = "Degraded", message = structural.message}
end
if established == nil or established.status ~= "True" then
  return {status = "Progressing", message = "not established yet"}
end
return {status = "Healthy"}
