-- Argo CD's Applications, where one Application brings others. Argo CD dropped its check in 1.8; the one in its documentation takes status.health over, which
-- stays Healthy while a sync is due, runs, or has failed in a hook. There is no observedGeneration: the source that was compared tells what was seen.
local status = obj.status or {}
local sync = status.sync or {}
local compared = sync.comparedTo or {}
local last = status.operationState or {}
local health = (status.health or {}).status

-- A status leaves empty fields out.
local function same(a, b)
  if type(a) ~= "table" and type(b) ~= "table" then
    return (a or "") == (b or "")
  end
  a, b = a or {}, b or {}
  if type(a) ~= type(b) then
    return false
  end
  for key in pairs(a) do
    if not same(a[key], b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil and not same(nil, b[key]) then return false end
  end
  return true
end

for _, condition in ipairs(status.conditions or {}) do
  if condition.type == "InvalidSpecError" then
    return {status = "Degraded", message = condition.message}
  end
end
local several = obj.spec.sources ~= nil and #obj.spec.sources > 0
local source = several and obj.spec.sources or obj.spec.source
if sync.status == nil or (source ~= nil and not same(source, several and compared.sources or compared.source)) then
  return {status = "Progressing", message = "the controller has not compared the latest source yet"}
end
if obj.operation ~= nil or last.phase == "Running" or last.phase == "Terminating" then
  return {status = "Progressing", message = last.message or "a sync is about to start"}
end
local result = last.syncResult or {}
local isOfThis = same(result.revision, sync.revision) and same(result.revisions, sync.revisions)
if isOfThis and (last.phase == "Failed" or last.phase == "Error") then
  return {status = "Degraded", message = "the last sync failed: " .. (last.message or last.phase)}
end
if sync.status ~= "Synced" then
  local automated = (obj.spec.syncPolicy or {}).automated
  if sync.status == "OutOfSync" and (automated == nil or automated.enabled == false) then
    return {status = "Suspended", message = "OutOfSync, and somebody has to start the sync"}
  end
  for _, condition in ipairs(status.conditions or {}) do
    if condition.type == "ComparisonError" or condition.type == "SyncError" then
      return {status = "Progressing", message = condition.message}
    end
  end
  return {status = "Progressing", message = sync.status}
end
if health == "Degraded" or health == "Suspended" or health == "Healthy" then
  return {status = health, message = "synced to " .. (sync.revision or "its sources")}
end
return {status = "Progressing", message = "synced, and its health is " .. (health or "not known yet")}
