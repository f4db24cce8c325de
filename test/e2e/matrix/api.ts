import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { Cluster, Json } from '../../cluster/cluster.ts';

/** The API with all rights, by path: quicker than kubectl, and with status subresources. */
export interface Api {
  /** @throws Error for an answer that is no success, except 404 of GET and DELETE, which gives `undefined` */
  send(method: string, path: string, body?: object, contentType?: string): Promise<Json>;
  items(path: string): Promise<readonly Json[]>;
  close(): void;
}

export function apiOf(cluster: Cluster): Api {
  const { clusters, users } = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')) as Json;
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster;
  const agent = new Agent({ keepAlive: true, ca: Buffer.from(ca, 'base64') });
  const send: Api['send'] = (method, path, body, contentType = 'application/json') =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${users[0].user.token}`, ...(body && { 'content-type': contentType }) };
      const outgoing = request(new URL(path, server), { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const { statusCode = 0 } = response;
          if (statusCode < 300) resolve(JSON.parse(text));
          else if (statusCode === 404 && (method === 'GET' || method === 'DELETE')) resolve(undefined);
          else reject(new Error(`${method} ${path}: ${statusCode} ${text.slice(0, 500)}`));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body && JSON.stringify(body));
    });
  return { send, items: async (path) => ((await send('GET', path))?.items ?? []) as Json[], close: () => agent.destroy() };
}
