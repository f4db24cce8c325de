import { connect, createServer as createHttp2Server, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import { createServer as createHttpServer, request } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Between a migration and etcd: sees every write, and can cut the network. One proxy speaks v2 (HTTP) at one port and v3 (gRPC) at another. */
export interface EtcdProxy {
  readonly v2: string;
  readonly v3: string;
  /** Writes that etcd has answered, so far. */
  writes(): number;
  /** Called when etcd has answered a write and before the client hears of it, with the number of that write, from 1. */
  onWrite(listener: (number: number) => void): void;
  /** Ends all connections and accepts none until `heal`. */
  cut(): void;
  heal(): void;
  close(): Promise<void>;
}

/** @param etcd such as `http://127.0.0.1:2379` */
export async function startEtcdProxy(etcd: string): Promise<EtcdProxy> {
  let count = 0;
  let down = false;
  let listener: (number: number) => void = () => undefined;
  const sockets = new Set<Socket>();
  const upstreams = new Set<Http2Session>();
  const written = (): void => listener(++count);
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
    if (down) socket.destroy();
  };

  const v2 = createHttpServer((incoming, outgoing) => {
    const onward = request(new URL(incoming.url ?? '/', etcd), { method: incoming.method, headers: incoming.headers }, (answer) => {
      if (incoming.method !== 'GET') written();
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  v2.on('connection', track);

  const v3 = createHttp2Server();
  v3.on('connection', track);
  v3.on('sessionError', () => undefined);
  v3.on('session', (session) => {
    const upstream = connect(etcd);
    upstreams.add(upstream);
    upstream.on('error', () => session.destroy());
    upstream.on('close', () => session.destroy());
    session.on('error', () => undefined);
    session.on('close', () => upstream.destroy());
    session.on('stream', (stream: ServerHttp2Stream, headers) => {
      const isWrite = /\/etcdserverpb\.(KV\/(Txn|Put|DeleteRange)|Lease\/LeaseGrant|Lease\/LeaseRevoke)$/.test(String(headers[':path']));
      const onward = upstream.request(headers);
      stream.on('error', () => onward.close());
      onward.on('error', () => stream.close());
      onward.on('response', (answer) => {
        if (isWrite) written();
        if (!stream.destroyed) stream.respond(answer, { waitForTrailers: true });
      });
      let trailers: Record<string, unknown> = {};
      onward.on('trailers', (found) => (trailers = { ...found }));
      stream.on('wantTrailers', () => stream.sendTrailers(trailers as Record<string, string>));
      onward.pipe(stream);
      stream.pipe(onward);
    });
  });
  const [v2Port, v3Port] = await Promise.all([v2, v3].map(listen));
  return {
    v2: `http://127.0.0.1:${v2Port}`,
    v3: `http://127.0.0.1:${v3Port}`,
    writes: () => count,
    onWrite: (wanted) => void (listener = wanted),
    cut() {
      down = true;
      for (const socket of sockets) socket.destroy();
    },
    heal: () => void (down = false),
    async close() {
      for (const socket of sockets) socket.destroy();
      for (const upstream of upstreams) upstream.destroy();
      await Promise.all([v2, v3].map((server) => new Promise((resolve) => void server.close(resolve))));
    },
  };
}

function listen(server: Server | ReturnType<typeof createHttp2Server>): Promise<number> {
  return new Promise((resolve) => void server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}
