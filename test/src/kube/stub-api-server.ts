import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { clusterAt } from '../../../src/kube/client.ts';
import type { Cluster } from '../../../src/kube/cluster.ts';
import type { Endpoint } from '../../../src/kube/endpoint.ts';
import type { RetryOptions } from '../../../src/kube/retry.ts';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
}

export interface StubApiServer {
  readonly cluster: Cluster;
  readonly url: string;
  readonly seen: Seen[];
}

/** A local server whose handler plays the API; closed at the end of the test. */
export async function stubApiServer(handle: (seen: Seen, response: ServerResponse) => void, retry: Partial<RetryOptions> = {}): Promise<StubApiServer> {
  const seen: Seen[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    void text(request).then((body) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stub');
      const one = { method: request.method ?? '', path: pathname, query: searchParams, body: body === '' ? undefined : (JSON.parse(body) as unknown), contentType: request.headers['content-type'], authorization: request.headers.authorization };
      seen.push(one);
      handle(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const agent = new Agent({ keepAlive: true });
  const endpoint: Endpoint = { url: new URL(url), options: async () => ({ headers: {}, agent }), close: () => agent.destroy() };
  onTestFinished(async () => {
    endpoint.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { cluster: clusterAt(endpoint, retry), url, seen };
}

export function answer(response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function refuse(response: ServerResponse, status: number, reason: string, message: string, headers: Record<string, string> = {}): void {
  answer(response, { kind: 'Status', status: 'Failure', code: status, reason, message }, status, headers);
}

/** A list as the API writes it: items without apiVersion and kind. */
export function listOf(items: readonly object[], resourceVersion: string, more?: string): object {
  return { kind: 'List', metadata: { resourceVersion, ...(more ? { continue: more } : {}) }, items };
}
