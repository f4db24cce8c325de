import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import { VERSION } from '../version.ts';
import type { Endpoint } from './endpoint.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly body?: object;
  /** @default application/json */
  readonly contentType?: string;
}

export interface ApiResponse {
  readonly status: number;
  /** Seconds that the server asks to wait, from `Retry-After`. */
  readonly retryAfter?: number;
  /** When the server answered, by its own clock, in milliseconds since the epoch; whole seconds. */
  readonly date?: number;
  readonly text: string;
}

/** Tells an audit log who asked. */
const USER_AGENT = `hookwave/${VERSION}`;

/** One request, one whole answer. Rejects when the connection fails or the signal is aborted. */
export async function exchange(endpoint: Endpoint, request: ApiRequest, signal: AbortSignal): Promise<ApiResponse> {
  const response = await open(endpoint, request, signal);
  const retryAfter = Number.parseFloat(response.headers['retry-after'] ?? '');
  const date = Date.parse(response.headers.date ?? '');
  return { status: response.statusCode ?? 0, ...(Number.isFinite(retryAfter) ? { retryAfter } : {}), ...(Number.isFinite(date) ? { date } : {}), text: await textOf(response) };
}

/** Resolves with the answer's head; the body is still to be read, as UTF-8. */
export async function open(endpoint: Endpoint, request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
  signal.throwIfAborted();
  const { request: send } = endpoint.url.protocol === 'http:' ? await import('node:http') : await import('node:https');
  const { headers, ...options } = await endpoint.options();
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const all: RequestOptions = {
    ...options,
    method: request.method,
    signal,
    headers: { accept: 'application/json, */*', 'user-agent': USER_AGENT, ...headers, ...(body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json', 'content-length': Buffer.byteLength(body) }) },
  };
  return new Promise((resolve, reject) => {
    const outgoing = send(new URL(`${endpoint.url.pathname.replace(/\/$/, '')}${request.path}`, endpoint.url), all, (response) => {
      response.setEncoding('utf8');
      resolve(response);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Rejects when the connection breaks before the end of the body. */
export async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of response) chunks.push(chunk as string);
  if (!response.complete) throw new Error('the connection was closed in the middle of an answer');
  return chunks.join('');
}
