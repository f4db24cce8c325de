import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

import type { Json } from './cluster.ts';

/** An object, or without a name the items of a list; undefined when there is no such object, or no such resource that is known. */
export type Read = (resource: string, name?: string, namespace?: string) => Promise<Json>;

interface Resource {
  readonly path: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/**
 * Reads as `kubectl get -o json` does, without a process: tests ask several times a second. Resources go by plural, singular or short name, with `.group` or
 * without; the first group that the API server names wins.
 */
export function apiReader(kubeconfig: string): Read {
  const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8'));
  const { server, 'certificate-authority-data': authority } = clusters[0].cluster;
  const agent = new Agent({ keepAlive: true, ca: Buffer.from(authority, 'base64') });
  const fetchJson = (path: string, accept = 'application/json'): Promise<Answer> => get(new URL(path, server), { agent, headers: { Accept: accept, Authorization: `Bearer ${users[0].user.token}` } });

  let known: ReadonlyMap<string, Resource> = new Map();
  const find = async (resource: string): Promise<Resource> => {
    if (!known.has(resource)) known = await discover(fetchJson);
    const found = known.get(resource);
    if (!found) throw new Error(`the server doesn't have a resource type "${resource}"`);
    return found;
  };
  return async (resource, name, namespace) => {
    const { path, plural, namespaced } = await find(resource);
    const where = namespaced && (namespace !== undefined || name !== undefined) ? `/namespaces/${namespace ?? 'default'}` : '';
    const url = `${path}${where}/${plural}${name === undefined ? '' : `/${name}`}`;
    const { status, body } = await fetchJson(url);
    if (status === 404 && name !== undefined) return undefined;
    if (status !== 200) throw new Error(`GET ${url}: ${status} ${body?.message ?? ''}`);
    if (name !== undefined) return body;
    const kind = String(body.kind).replace(/List$/, '');
    return body.items.map((item: Json) => ({ apiVersion: body.apiVersion, kind, ...item }));
  };
}

interface Answer {
  readonly status: number;
  readonly body: Json;
}

function get(url: URL, options: { readonly agent: Agent; readonly headers: Readonly<Record<string, string>> }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ...options, timeout: 30_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        try {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) });
        } catch {
          reject(new Error(`GET ${url.pathname}: ${response.statusCode} ${text.slice(0, 200)}`));
        }
      });
    });
    asked.on('timeout', () => asked.destroy(new Error(`GET ${url.pathname}: no answer within 30 s`)));
    // A connection that was kept may have died with the API server of before.
    asked.on('error', (error) => (asked.reusedSocket ? get(url, options).then(resolve, reject) : reject(error)));
    asked.end();
  });
}

const DISCOVERY = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Every name that a resource goes by, from the API server's own lists. */
async function discover(fetchJson: (path: string, accept: string) => Promise<Answer>): Promise<ReadonlyMap<string, Resource>> {
  const lists = await Promise.all(['/api', '/apis'].map((path) => fetchJson(path, DISCOVERY)));
  const names = new Map<string, Resource>();
  for (const group of lists.flatMap(({ body }) => body.items)) {
    const groupName: string = group.metadata.name ?? '';
    for (const { version, resources = [] } of group.versions) {
      const path = groupName === '' ? `/api/${version}` : `/apis/${groupName}/${version}`;
      for (const { resource, singularResource = '', shortNames = [], scope } of resources) {
        const found = { path, plural: resource, namespaced: scope === 'Namespaced' };
        for (const name of [resource, singularResource, ...shortNames].filter(Boolean)) {
          for (const key of groupName === '' ? [name] : [name, `${name}.${groupName}`]) if (!names.has(key)) names.set(key, found);
        }
      }
    }
  }
  return names;
}
