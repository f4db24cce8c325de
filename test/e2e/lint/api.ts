import { exchange } from '../../../src/kube/exchange.ts';
import { loadEndpoint } from '../../../src/kube/endpoint.ts';
import type { Json } from '../../cluster/cluster.ts';

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** The API server in plain requests: dozens of trials ask at once, a kubectl for each would take the machine. */
export interface Api {
  send(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answer>;
  /** `undefined` when there is none. */
  get(path: string): Promise<Json>;
}

export async function apiOf(kubeconfig: string): Promise<Api> {
  const endpoint = await loadEndpoint({ kubeconfig });
  const send: Api['send'] = async (method, path, body) => {
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const { status, text } = await exchange(endpoint, { method, path, contentType, ...(body && { body }) }, AbortSignal.timeout(30_000));
    return { status, body: text.startsWith('{') ? JSON.parse(text) : text };
  };
  return {
    send,
    async get(path) {
      const { status, body } = await send('GET', path);
      if (status === 404) return undefined;
      if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
      return body;
    },
  };
}

/** The path of a collection in a namespace. */
export function collection(plural: Plural, namespace: string): string {
  return `${ROOTS[plural]}/namespaces/${namespace}/${plural}`;
}

const ROOTS = {
  pods: '/api/v1',
  configmaps: '/api/v1',
  serviceaccounts: '/api/v1',
  jobs: '/apis/batch/v1',
  cronjobs: '/apis/batch/v1',
  daemonsets: '/apis/apps/v1',
  networkpolicies: '/apis/networking.k8s.io/v1',
  installations: '/apis/operator.tigera.io/v1',
} as const;
export type Plural = keyof typeof ROOTS;
