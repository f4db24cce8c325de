import type { Json } from './cluster.ts';
import type { Send } from './api-client.ts';

export interface Resource {
  /** Of the group and version: `/apis/apps/v1`. */
  readonly path: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** What the API server serves, from its own lists. Asked again when something is not in the last answer: definitions come and go in a test. */
export interface Resources {
  /** By plural, singular or short name, with `.group` or without; the first group that the API server names wins. Undefined when it serves nothing by that name. */
  named(name: string): Promise<Resource | undefined>;
  ofKind(apiVersion: string, kind: string): Promise<Resource | undefined>;
  /** Forgets the last answer. */
  forget(): void;
}

export function resourcesOf(send: Send): Resources {
  let known: Promise<ReadonlyMap<string, Resource>> | undefined;
  const find = async (key: string): Promise<Resource | undefined> => {
    const before = await known;
    const found = before?.get(key);
    if (found) return found;
    // Whoever misses something at the same time shares one new answer.
    if (known === undefined || (await known) === before) known = discover(send);
    const current = known;
    try {
      return (await current).get(key);
    } catch (error) {
      if (known === current) known = undefined;
      throw error;
    }
  };
  return {
    named: (name) => find(name),
    ofKind: (apiVersion, kind) => find(`${apiVersion}/${kind}`),
    forget() {
      known = undefined;
    },
  };
}

const DISCOVERY = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Every name that a resource goes by. */
async function discover(send: Send): Promise<ReadonlyMap<string, Resource>> {
  const lists = await Promise.all(['/api', '/apis'].map((path) => send({ method: 'GET', path, accept: DISCOVERY })));
  const names = new Map<string, Resource>();
  const add = (name: string, resource: Resource): void => void (names.has(name) || names.set(name, resource));
  for (const { status, body } of lists) {
    if (status !== 200) throw new Error(`the API server does not say what it serves: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    for (const group of body.items) addGroup(group, add);
  }
  return names;
}

function addGroup({ metadata, versions }: Json, add: (name: string, resource: Resource) => void): void {
  const group: string = metadata.name ?? '';
  for (const { version, resources } of versions) {
    const apiVersion = group === '' ? version : `${group}/${version}`;
    for (const { resource: plural, responseKind, singularResource, shortNames, scope } of resources ?? []) {
      const resource: Resource = { path: `/${group === '' ? 'api' : 'apis'}/${apiVersion}`, plural, kind: responseKind?.kind ?? '', namespaced: scope === 'Namespaced' };
      add(`${apiVersion}/${resource.kind}`, resource);
      for (const name of [plural, singularResource, ...(shortNames ?? [])].filter(Boolean)) {
        add(name, resource);
        add(`${name}.${group}`, resource);
      }
    }
  }
}
