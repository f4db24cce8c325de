/** Reading of parsed manifests, whose shape nothing guarantees. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value at a path, `undefined` where the path ends early. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}

export function record(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A non-empty string, or `undefined`. */
export function words(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The entries of a map whose values are strings; `null` counts as empty, as in apimachinery's NestedNullCoercingStringMap. */
export function stringMap(value: unknown): Readonly<Record<string, string>> {
  const map = record(value);
  if (!map) return {};
  return Object.fromEntries(Object.entries(map).flatMap(([key, one]) => (typeof one === 'string' ? [[key, one]] : one === null ? [[key, '']] : [])));
}
