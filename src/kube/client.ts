import { apiPath, withQuery, type Query } from './api-path.ts';
import { FIELD_MANAGER, type ApiGroup, type Cluster, type KubeObject, type Resource } from './cluster.ts';
import { loadEndpoint, type Endpoint, type EndpointSource } from './endpoint.ts';
import { isConflict, isNotFound } from './errors.ts';
import { exchange, type ApiRequest } from './exchange.ts';
import { listAll } from './list.ts';
import { observe } from './observe.ts';
import { noOutage, withRetry, type RetryOptions } from './retry.ts';
import { systemClock } from './system-clock.ts';

export type ConnectOptions = EndpointSource & Partial<RetryOptions>;

const AS_MANAGER: Query = { fieldManager: FIELD_MANAGER };

/**
 * A cluster by kubeconfig or, inside a Pod, by its ServiceAccount. Nothing is sent yet.
 * @throws Error when there is no usable configuration
 */
export async function connect(options: ConnectOptions = {}): Promise<Cluster> {
  const endpoint = await loadEndpoint(options);
  // A Pod's first request may be the first to an API server that has just started; a user at a terminal is told at once.
  const outage = options.pod ? { at: systemClock.now() } : noOutage();
  return clusterAt(endpoint, { outage, ...options });
}

/** Logs come from the node's kubelet, and a node in trouble has none that answers: nobody waits a minute for that, least of all a rollout that has to be stopped. */
const LOG_LIMITS: Partial<RetryOptions> = { boundMs: 2_000, attemptMs: 3_000 };

/** The cluster port on one API server. */
export function clusterAt(endpoint: Endpoint, { clock = systemClock, outage = noOutage(), ...retry }: Partial<RetryOptions> = {}): Cluster {
  let offset = 0;
  const sendText = async (request: ApiRequest, limits: Partial<RetryOptions> = {}): Promise<string> => {
    const answer = await withRetry(request, (signal) => exchange(endpoint, request, signal), { clock, outage, ...retry, ...limits });
    if (answer.date !== undefined) offset = answer.date - clock.now();
    return answer.text;
  };
  const send = async <T>(request: ApiRequest): Promise<T> => JSON.parse(await sendText(request)) as T;
  const get = <T extends KubeObject>(resource: Resource, name: string, namespace?: string): Promise<T | undefined> =>
    orUndefined(send<T>({ method: 'GET', path: apiPath(resource, namespace, name) }));

  return {
    get,
    async groups() {
      const { groups } = await send<{ groups: readonly { name: string; versions: readonly { version: string }[] }[] }>({ method: 'GET', path: '/apis' });
      return groups.map(({ name, versions }): ApiGroup => ({ name, versions: versions.map(({ version }) => version) }));
    },
    async list<T extends KubeObject>(resource: Resource, selection = {}) {
      return (await listAll<T>(send, resource, selection)).objects;
    },
    create: (resource, object) => send({ method: 'POST', path: withQuery(apiPath(resource, namespaceFor(resource, object)), AS_MANAGER), body: object }),
    replace: (resource, object) => {
      requireVersion(object);
      return send({ method: 'PUT', path: pathOf(resource, object), body: object });
    },
    mergePatch(resource, object, patch) {
      const metadata = { ...(patch as Partial<KubeObject>).metadata, resourceVersion: requireVersion(object) };
      return send({ method: 'PATCH', path: pathOf(resource, object), contentType: 'application/merge-patch+json', body: { ...patch, metadata } });
    },
    async delete(resource, object) {
      const { uid, name, namespace } = object.metadata;
      if (!uid) throw new Error(`${object.kind} ${name} can't be deleted without its uid; read it first`);
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', preconditions: { uid } };
      try {
        return (await orUndefined(send({ method: 'DELETE', path: apiPath(resource, namespace, name), body }))) !== undefined;
      } catch (error) {
        const isAnotherNow = isConflict(error) && (await get(resource, name, namespace))?.metadata.uid !== uid;
        if (isAnotherNow) return false;
        throw error;
      }
    },
    observe: (resource, selection, signal) => observe({ send, endpoint, resource, selection }, signal),
    logs(namespace, pod, { container, tailLines, previous } = {}) {
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
      return sendText({ method: 'GET', path: withQuery(path, { container, tailLines, previous }) }, LOG_LIMITS);
    },
    clockOffset: () => offset,
  };
}

function pathOf(resource: Resource, { metadata: { name, namespace } }: KubeObject): string {
  return withQuery(apiPath(resource, namespace, name), AS_MANAGER);
}

/** A namespaced object can't be created without its namespace. */
function namespaceFor(resource: Resource, { kind, metadata: { name, namespace } }: KubeObject): string | undefined {
  if (resource.namespaced && !namespace) throw new Error(`${kind} ${name} needs a namespace`);
  return namespace;
}

function requireVersion({ kind, metadata: { name, resourceVersion } }: KubeObject): string {
  if (!resourceVersion) throw new Error(`${kind} ${name} can't be written without its resourceVersion; read it first`);
  return resourceVersion;
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
