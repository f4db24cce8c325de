/** Go's order of strings: by bytes of UTF-8, which JavaScript's is not where surrogates meet U+E000 and above. */
export function byteOrder(a: string, b: string): number {
  const at = firstDifference(a, b);
  return at < 0 ? a.length - b.length : weight(a.charCodeAt(at)) - weight(b.charCodeAt(at));
}

/** The order in which etcd v2 lists leaves (`sorted=true`): directory by directory, so `a/x` comes before `a-b/x`. */
export function pathOrder(a: string, b: string): number {
  const at = firstDifference(a, b);
  if (at < 0) return a.length - b.length;
  const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
  if (left === SLASH) return -1;
  return right === SLASH ? 1 : weight(left) - weight(right);
}

/** Sorted as etcd lists leaves, which they mostly are already. */
export function inPathOrder<T extends { readonly path: string }>(entries: readonly T[]): readonly T[] {
  const sorted = entries.every(({ path }, index) => index === 0 || pathOrder(entries[index - 1]!.path, path) <= 0);
  return sorted ? entries : entries.toSorted((a, b) => pathOrder(a.path, b.path));
}

const SLASH = 0x2f;

function firstDifference(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) if (a.charCodeAt(at) !== b.charCodeAt(at)) return at;
  return -1;
}

function weight(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
