import type { Resource, Selection } from './cluster.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** The URL path of a collection, or of one object when `name` is given. @throws Error for a namespaced object without a namespace */
export function apiPath({ group, version, plural, kind, namespaced }: Resource, namespace: string | undefined, name?: string): string {
  if (namespaced && name !== undefined && !namespace) throw new Error(`${kind} ${name} needs a namespace`);
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const inNamespace = namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${inNamespace}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

/** Leaves out what is undefined. */
export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).flatMap(([key, value]): [string, string][] => (value === undefined ? [] : [[key, String(value)]]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

export function selectors({ labels, fields }: Selection): Query {
  return { labelSelector: labels, fieldSelector: fields };
}
