import type { Send } from './api-client.ts';
import type { Resource, Resources } from './api-resources.ts';
import type { Cluster, Json } from './cluster.ts';

/**
 * Reads as `kubectl get -o json --ignore-not-found` does, without a process: tests ask several times a second. What it does not know (a resource that the API server does not
 * name, `kind/name`, one name of several kinds) is kubectl's business, and so are its errors.
 */
export function apiReader(send: Send, resources: Resources, kubectl: Cluster['get']): Cluster['get'] {
  return async (asked, name, namespace) => {
    const kinds = asked.split(',');
    if (kinds.length > 1 && name !== undefined) return kubectl(asked, name, namespace);
    const read = async (kind: string): Promise<Json> => {
      const resource = await resources.named(kind);
      return resource ? readOne(send, resource, name, namespace) : NOT_SERVED;
    };
    const answers = await Promise.all(kinds.map(read));
    if (answers.includes(NOT_SERVED)) {
      // Gone, or another version of it: next time the server is asked what it serves.
      resources.forget();
      return kubectl(asked, name, namespace);
    }
    return name === undefined ? answers.flat() : answers[0];
  };
}

const NOT_SERVED = Symbol('not served');

async function readOne(send: Send, resource: Resource, name: string | undefined, namespace: string | undefined): Promise<Json> {
  const path = pathOf(resource, name, namespace);
  const { status, body } = await send({ method: 'GET', path });
  // A 404 without the object's name is about the resource: its definition was deleted, or is not served yet.
  if (status === 404) return name !== undefined && body?.details?.name === name ? undefined : NOT_SERVED;
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${body?.message ?? body}`);
  if (name !== undefined) return withoutManagedFields(body);
  const kind = String(body.kind).replace(/List$/, '');
  return (body.items ?? []).map((item: Json) => withoutManagedFields({ apiVersion: body.apiVersion, kind, ...item }));
}

/** kubectl leaves them out, too: nobody's errors should be pages of them. */
function withoutManagedFields(object: Json): Json {
  delete object.metadata?.managedFields;
  return object;
}

/** Of an object, or without a name of a list; a list without a namespace is of all namespaces. */
export function pathOf({ path, plural, namespaced }: Resource, name: string | undefined, namespace: string | undefined): string {
  const where = namespaced && (namespace !== undefined || name !== undefined) ? `/namespaces/${namespace ?? 'default'}` : '';
  return `${path}${where}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}
