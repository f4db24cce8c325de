-- As Argo CD itself judges a DaemonSet, but for one thing: a rollout that hookwave has frozen is degraded, not healthy, until a sync sets it going again.
local status = obj.status or {}
local desired = status.desiredNumberScheduled or 0
local updated = status.updatedNumberScheduled or 0
local available = status.numberAvailable or 0
local onDelete = (obj.spec.updateStrategy or {}).type == "OnDelete"
local frozenBy = (obj.metadata.annotations or {})["hookwave.dev/frozen-by"]

if onDelete and frozenBy ~= nil and updated < desired then
  return {status = "Degraded", message = "hookwave has frozen the rollout of plan " .. frozenBy .. ": " .. updated .. " of " .. desired .. " nodes are updated; hookwave status says why"}
end
if (obj.metadata.generation or 0) > (status.observedGeneration or 0) then
  return {status = "Progressing", message = "waiting for the rollout: the latest change has not been seen yet"}
end
if onDelete then
  return {status = "Healthy", message = updated .. " of " .. desired .. " nodes are updated; strategy OnDelete"}
end
if updated < desired then
  return {status = "Progressing", message = updated .. " of " .. desired .. " nodes are updated"}
end
if available < desired then
  return {status = "Progressing", message = available .. " of " .. desired .. " nodes are available"}
end
return {status = "Healthy"}
