import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';

import type { Json } from './cluster.ts';

export interface Answer {
  readonly status: number;
  /** The parsed JSON; text when the server answered something else. */
  readonly body: Json;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly body?: object;
  /** @default application/json */
  readonly contentType?: string;
  /** @default application/json */
  readonly accept?: string;
}

export type Send = (request: ApiRequest) => Promise<Answer>;

/**
 * The API server in plain requests over connections that are kept: a process for each question would take the machine. As kubectl does, it asks again where the server says
 * 429, or 5xx with Retry-After; and once more where a kept connection turns out to be dead.
 */
export function apiClient(kubeconfig: string): Send {
  const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8'));
  const { server, 'certificate-authority-data': authority } = clusters[0].cluster;
  const agent = new Agent({ keepAlive: true, ca: Buffer.from(authority, 'base64') });
  const once = (what: ApiRequest): Promise<Raw> => exchange(new URL(what.path, server), agent, users[0].user.token, what);
  return async (what) => {
    for (let tries = 1; ; tries++) {
      const { status, retryAfterSeconds, text } = await once(what);
      const isBusy = (status === 429 || status >= 500) && retryAfterSeconds !== undefined;
      if (!isBusy || tries === TRIES) return { status, body: parsed(text) };
      await pause(retryAfterSeconds * 1000);
    }
  };
}

/** client-go's limit (rest/request.go, maxRetries). */
const TRIES = 10;

interface Raw {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
  readonly text: string;
}

function exchange(url: URL, agent: Agent, token: string, what: ApiRequest): Promise<Raw> {
  const body = what.body === undefined ? undefined : JSON.stringify(what.body);
  const headers = {
    Accept: what.accept ?? 'application/json',
    Authorization: `Bearer ${token}`,
    'User-Agent': 'hookwave-test',
    ...(body !== undefined && { 'Content-Type': what.contentType ?? 'application/json', 'Content-Length': Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, method: what.method, headers, timeout: 30_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const seconds = Number.parseInt(response.headers['retry-after'] ?? '', 10);
        resolve({ status: response.statusCode ?? 0, retryAfterSeconds: Number.isNaN(seconds) ? undefined : seconds, text: Buffer.concat(chunks).toString() });
      });
    });
    asked.on('timeout', () => asked.destroy(new Error(`${what.method} ${url.pathname}: no answer within 30 s`)));
    // A connection that was kept may have died with the API server of before.
    asked.on('error', (error) => (asked.reusedSocket ? exchange(url, agent, token, what).then(resolve, reject) : reject(error)));
    asked.end(body);
  });
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
