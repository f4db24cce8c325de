import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { DEFAULT_CALL_TIMEOUT_MS, type EtcdAccess, type EtcdOptions } from './access.ts';
import { EtcdError, etcdError, isEtcdError, socketReason } from './errors.ts';

export interface V2Answer {
  readonly status: number;
  /** etcd's own code in an error's body, such as 100 for a missing key. */
  readonly errorCode?: number | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  /** `X-Etcd-Index`. */
  readonly index: number;
  /** Of the endpoint that answered; holds no credentials. */
  readonly url: string;
}

export interface V2Transport {
  send(method: 'GET' | 'PUT' | 'DELETE', path: string, query: Readonly<Record<string, string>>, value?: string): Promise<V2Answer>;
  close(): void;
}

/**
 * Requests of etcd's v2 API with failover: an endpoint that can't be reached, or answers 5xx to a read, is followed by the next. A write that was sent
 * is never sent again: whether it happened is for the caller to find out.
 */
export function v2Transport(access: EtcdAccess, { callTimeoutMs = DEFAULT_CALL_TIMEOUT_MS, signal }: EtcdOptions): V2Transport {
  const secure = access.endpoints[0]?.startsWith('https:') ?? false;
  const agent = secure ? new HttpsAgent({ keepAlive: true, ca: access.ca, cert: access.cert, key: access.key }) : new HttpAgent({ keepAlive: true });
  const addresses = new Map(access.endpoints.map((endpoint) => [endpoint, hostOf(endpoint)]));
  const auth = access.username && access.password ? `${access.username}:${access.password}` : undefined;

  const once = (endpoint: string, method: string, target: string, body: string | undefined): Promise<V2Answer> =>
    new Promise((resolve, reject) => {
      let sent = false;
      const fail = (error: unknown): void => {
        clearTimeout(timer);
        request.destroy();
        if (signal?.aborted) return reject(signal.reason);
        const what = error instanceof Error ? error.message : String(error);
        reject(error instanceof EtcdError ? error : etcdError(socketReason(error, sent && method !== 'GET'), 'etcd v2', `${endpoint}: ${what}`, error));
      };
      const headers = body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) };
      const request = (secure ? httpsRequest : httpRequest)({ ...addresses.get(endpoint), path: target, method, agent, auth, headers, ...(signal && { signal }) });
      // A timer, not a signal: a migration makes tens of thousands of requests.
      const timer = setTimeout(() => fail(new Error(`no answer within ${callTimeoutMs / 1000} s`)), callTimeoutMs);
      request.on('error', fail);
      request.once('socket', (socket) => {
        if (!socket.connecting) sent = true;
        else socket.once(secure ? 'secureConnect' : 'connect', () => (sent = true));
      });
      request.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', fail);
        response.once('end', () => {
          clearTimeout(timer);
          resolve(answerOf(response, chunks, endpoint));
        });
      });
      request.end(body);
    });

  return {
    async send(method, path, query, value) {
      const target = `/v2/keys${path.split('/').map(encodeURIComponent).join('/')}?${new URLSearchParams(query)}`;
      const body = value === undefined ? undefined : new URLSearchParams({ value }).toString();
      let last: unknown;
      for (const endpoint of access.endpoints) {
        try {
          const answer = await once(endpoint, method, target, body);
          if (answer.status < 500 || method !== 'GET') return answer;
          last = etcdError('lost', 'etcd v2', `${endpoint} answered HTTP ${answer.status}`);
        } catch (error) {
          if (!isEtcdError(error, 'unreachable')) throw error;
          last = error;
        }
      }
      throw last ?? etcdError('unreachable', 'etcd v2', 'no endpoint is given');
    },
    close: () => agent.destroy(),
  };
}

/** Without credentials, which have fields of their own. */
function hostOf(endpoint: string): RequestOptions {
  const { protocol, hostname, port } = urlToHttpOptions(new URL(endpoint));
  return { protocol, hostname, port };
}

function answerOf(response: IncomingMessage, chunks: readonly Buffer[], url: string): V2Answer {
  const body = objectOf((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8'));
  const errorCode = typeof body['errorCode'] === 'number' ? body['errorCode'] : undefined;
  return { status: response.statusCode ?? 0, errorCode, body, index: Number(response.headers['x-etcd-index'] ?? body['index'] ?? 0), url };
}

/** A proxy's page of HTML is no answer of etcd's: an empty object, judged by its status. */
function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
