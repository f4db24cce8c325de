import { apiClient, type ApiRequest } from '../../cluster/api-client.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';

/** The API with all rights, by path: quicker than kubectl, and with status subresources. */
export interface Api {
  /** @throws Error for an answer that is no success, except 404 of GET and DELETE, which gives `undefined` */
  send(method: ApiRequest['method'], path: string, body?: object, contentType?: string): Promise<Json>;
  items(path: string): Promise<readonly Json[]>;
}

export function apiOf(cluster: Cluster): Api {
  const ask = apiClient(cluster.kubeconfig);
  const send: Api['send'] = async (method, path, body, contentType) => {
    const { status, body: answer } = await ask({ method, path, ...(body && { body }), ...(contentType !== undefined && { contentType }) });
    if (status < 300) return answer;
    if (status === 404 && (method === 'GET' || method === 'DELETE')) return undefined;
    throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer).slice(0, 500)}`);
  };
  return { send, items: async (path) => ((await send('GET', path))?.items ?? []) as Json[] };
}
