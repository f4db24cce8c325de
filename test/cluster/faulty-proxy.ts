import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request } from 'node:https';
import { join } from 'node:path';

import type { Cluster } from './cluster.ts';

/** A request as it comes from the client. */
export interface Call {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly watch: boolean;
  /** Number among the requests that change something, from 1; 0 for reads. */
  readonly mutation: number;
  /** How often this method and path, without the query, has been asked before. */
  readonly before: number;
}

/** What becomes of a request. Without one it passes. */
export type Fault =
  | { readonly is: 'answer'; readonly status: number; readonly reason?: string; readonly headers?: Readonly<Record<string, string>> }
  /** The connection is closed before the server has seen the request. */
  | { readonly is: 'reset' }
  /** The server answers, the client does not hear it. */
  | { readonly is: 'lost-answer' }
  /** Both with a call-back in between: to kill the client at just that moment. */
  | { readonly is: 'kill-before' | 'kill-after' }
  /** A watch that begins well and breaks off. */
  | { readonly is: 'drop-watch'; readonly afterMs: number }
  /** A watch whose first event is an error. */
  | { readonly is: 'watch-error'; readonly code: number; readonly reason: string }
  /** It passes once a call-back is through: what is broken lies elsewhere. */
  | { readonly is: 'call'; act(): Promise<void> };

export interface Session {
  /** Decides over each request; no answer lets it pass. */
  fault?(call: Call): Fault | undefined;
  /** Kills the client, for `kill-before` and `kill-after`. */
  kill?(): void;
}

export interface FaultyProxy {
  readonly url: string;
  /** What was asked since `begin`, in order. */
  readonly calls: readonly Call[];
  /** The calls whose fault has taken effect since `begin`: a watch that had ended by itself before it was to be dropped is not among them. */
  readonly struck: readonly Call[];
  /** Forgets the calls and sets the faults; no session lets everything pass. */
  begin(session?: Session): void;
  stop(): Promise<void>;
}

/** A proxy before the cluster's API server, with its certificate: it counts requests, delays nothing, and breaks what it is told to. */
export async function startFaultyProxy(cluster: Cluster): Promise<FaultyProxy> {
  const server = new URL(readKubeconfig(cluster.kubeconfig));
  const cert = readFileSync(join(cluster.dir, 'pki/apiserver.crt'));
  const agent = new Agent({ keepAlive: true, ca: cert });
  let session: Session = {};
  let calls: Call[] = [];
  let struck: Call[] = [];
  let asked = new Map<string, number>();
  const listener = createServer({ cert, key: readFileSync(join(cluster.dir, 'pki/apiserver.key')) }, (incoming, outgoing) => {
    const { fault, kill } = session;
    const call = callOf(incoming, calls, asked);
    calls.push(call);
    const ofSession = struck;
    const strike = (): void => void ofSession.push(call);
    outgoing.on('error', () => undefined);
    void bodyOf(incoming).then((body) => handle({ server, agent, call, incoming, outgoing, body, fault: fault?.(call), kill, strike }), () => incoming.destroy());
  });
  await new Promise<void>((resolve) => listener.listen(0, server.hostname, resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `https://${server.hostname}:${address.port}`,
    get calls() {
      return calls;
    },
    get struck() {
      return struck;
    },
    begin(next = {}) {
      session = next;
      calls = [];
      struck = [];
      asked = new Map();
    },
    async stop() {
      agent.destroy();
      listener.closeAllConnections();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

function readKubeconfig(path: string): string {
  const { clusters } = JSON.parse(readFileSync(path, 'utf8')) as { clusters: readonly { cluster: { server: string } }[] };
  const [first] = clusters;
  if (!first) throw new Error(`${path} names no cluster`);
  return first.cluster.server;
}

function callOf({ method = 'GET', url = '/' }: IncomingMessage, calls: readonly Call[], asked: Map<string, number>): Call {
  const { pathname, searchParams } = new URL(url, 'https://proxy');
  const watch = searchParams.get('watch') === 'true';
  const key = `${method}${watch ? ' watch' : ''} ${pathname}`;
  const before = asked.get(key) ?? 0;
  asked.set(key, before + 1);
  const mutation = method === 'GET' ? 0 : 1 + calls.filter((call) => call.mutation > 0).length;
  return { method, path: url, watch, mutation, before };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface Exchange {
  readonly server: URL;
  readonly agent: Agent;
  readonly call: Call;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly body: Buffer;
  readonly fault: Fault | undefined;
  readonly kill: (() => void) | undefined;
  /** Notes that the fault has taken effect. */
  strike(): void;
}

async function handle(exchange: Exchange): Promise<void> {
  const { outgoing, fault, kill, strike } = exchange;
  if (!fault) return forward(exchange, 'pass');
  if (fault.is === 'drop-watch') return dropWatch(exchange, fault.afterMs);
  const breakOff = (): void => void outgoing.socket?.destroy();
  if (fault.is === 'lost-answer' || fault.is === 'kill-after') await forward(exchange, 'swallow');
  strike();
  switch (fault.is) {
    case 'answer':
      return answer(outgoing, fault.status, fault.reason ?? '', fault.headers ?? {});
    case 'reset':
    case 'lost-answer':
      return breakOff();
    case 'kill-before':
    case 'kill-after':
      kill?.();
      return breakOff();
    case 'watch-error':
      outgoing.writeHead(200, { 'content-type': 'application/json' });
      outgoing.end(`${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', status: 'Failure', code: fault.code, reason: fault.reason } })}\n`);
      return;
    case 'call':
      await fault.act();
      return forward(exchange, 'pass');
  }
}

function dropWatch(exchange: Exchange, afterMs: number): Promise<void> {
  const { outgoing, strike } = exchange;
  setTimeout(() => {
    if (outgoing.destroyed || outgoing.writableEnded) return;
    strike();
    outgoing.socket?.destroy();
  }, afterMs);
  return forward(exchange, 'pass');
}

function answer(outgoing: ServerResponse, status: number, reason: string, headers: Readonly<Record<string, string>>): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
  outgoing.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason, message: `injected ${status} ${reason}`.trim() }));
}

/** Resolves when the server's whole answer is here; a watch never ends by itself. */
function forward({ server, agent, incoming, outgoing, body }: Exchange, mode: 'pass' | 'swallow'): Promise<void> {
  const headers: IncomingHttpHeaders = { ...incoming.headers, host: server.host };
  return new Promise((resolve) => {
    const upstream = request({ hostname: server.hostname, port: server.port, path: incoming.url, method: incoming.method, headers, agent }, (response) => {
      response.on('error', () => outgoing.destroy());
      response.on('end', resolve);
      if (mode === 'swallow') response.resume();
      else {
        outgoing.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(outgoing);
      }
    });
    upstream.on('error', () => {
      outgoing.socket?.destroy();
      resolve();
    });
    outgoing.on('close', () => {
      if (mode === 'pass' && !outgoing.writableFinished) upstream.destroy();
    });
    upstream.end(body);
  });
}
