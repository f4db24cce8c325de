import { byIdentity, type Manifest } from './objects.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Where two renderings of one upgrade differ, a line for each place: `-` only the first has it, `+` only the second. Annotations of Argo CD and Helm don't
 * count, nor does the order of objects; that of a list does. Digests are shown as `<digest>`, and Jobs that differ only by it in their name are one.
 */
export function differences(first: readonly Manifest[], second: readonly Manifest[]): readonly string[] {
  const [a, b] = [byName(first), byName(second)];
  const names = [...new Set([...a.keys(), ...b.keys()])];
  return names.flatMap((name) => changes(name, a.get(name), b.get(name))).map(withoutDigests).toSorted();
}

function byName(objects: readonly Manifest[]): ReadonlyMap<string, Json> {
  const named = new Map([...byIdentity(objects)].map(([name, object]) => [withoutDigests(name).replace('-<digest>', ''), withoutHooks(object)]));
  if (named.size !== objects.length) throw new Error('two objects differ by nothing but a digest in their names');
  return named;
}

function withoutHooks(object: Manifest): Json {
  const { annotations, ...metadata } = object.metadata;
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !/^(argocd\.argoproj\.io|helm\.sh)\//.test(key));
  return { ...object, metadata: { ...metadata, ...(kept.length > 0 ? { annotations: Object.fromEntries(kept) } : {}) } };
}

function changes(path: string, a: unknown, b: unknown): readonly string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (a === undefined) return [`+ ${path}${valueOf(b)}`];
  if (b === undefined) return [`- ${path}${valueOf(a)}`];
  if (Array.isArray(a) && Array.isArray(b)) return listChanges(path, a, b);
  if (isObject(a) && isObject(b)) return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => changes(`${path} ${key}`, a[key], b[key]));
  return [`- ${path}${valueOf(a)}`, `+ ${path}${valueOf(b)}`];
}

/** Elements are told apart by their names, or else by what they are. */
function listChanges(path: string, a: readonly unknown[], b: readonly unknown[]): readonly string[] {
  const [first, second] = [byKey(a), byKey(b)];
  const common = (keys: Iterable<string>): string => [...keys].filter((key) => first.has(key) && second.has(key)).join();
  const moved = common(first.keys()) === common(second.keys()) ? [] : [`- ${path}: ${[...first.keys()].join()}`, `+ ${path}: ${[...second.keys()].join()}`];
  return [...moved, ...[...new Set([...first.keys(), ...second.keys()])].flatMap((key) => changes(`${path} ${key}`, first.get(key), second.get(key)))];
}

function byKey(list: readonly unknown[]): ReadonlyMap<string, unknown> {
  const keyed = new Map(list.map((element) => [isObject(element) && typeof element['name'] === 'string' ? element['name'] : JSON.stringify(element), element]));
  return keyed.size === list.length ? keyed : new Map(list.map((element, index) => [String(index), element]));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueOf(value: unknown): string {
  return typeof value === 'object' ? '' : `: ${String(value)}`;
}

function withoutDigests(text: string): string {
  return text.replace(/\b([0-9a-f]{16}|(?<=-)[0-9a-f]{8})\b/g, '<digest>');
}
