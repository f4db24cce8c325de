/** A JSON merge patch (RFC 7396) on plain data; nothing is changed in place. */
export function mergeJson(target: unknown, patch: unknown): unknown {
  if (!isMapping(patch)) return patch;
  const result = new Map(Object.entries(isMapping(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, mergeJson(result.get(key), value));
  }
  return Object.fromEntries(result);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
