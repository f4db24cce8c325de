-- Calico's operator: Installation, APIServer, Goldmane and Whisker (condition Ready) and TigeraStatus (condition Available).
-- Right after a new operator was applied the status still speaks of the old one: put a HookJob that waits for the version behind it.
local conditions = {}
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  conditions[condition.type] = condition
end
local ready = conditions.Ready or conditions.Available
local degraded = conditions.Degraded
local progressing = conditions.Progressing

if ready == nil then
  return {status = "Progressing", message = "the operator has not reported yet"}
end
if ready.observedGeneration ~= nil and obj.metadata.generation ~= nil and ready.observedGeneration < obj.metadata.generation then
  return {status = "Progressing", message = "the operator has not seen the latest change yet"}
end
if degraded ~= nil and degraded.status == "True" then
  -- The operator calls a wait for another object degraded too; as such it would end a sync that only has to wait.
  local waits = degraded.reason == "ResourceNotReady"
  return {status = waits and "Progressing" or "Degraded", message = degraded.message or degraded.reason}
end
if progressing ~= nil and progressing.status == "True" then
  return {status = "Progressing", message = progressing.message or progressing.reason}
end
if ready.status ~= "True" then
  return {status = "Progressing", message = ready.message or ready.reason}
end
local version = (obj.status or {}).calicoVersion
return {status = "Healthy", message = version and "Calico " .. version or ready.message}
