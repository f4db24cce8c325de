import { connect } from 'node:net';
import type { V1Entry } from '../src/calico/migration/model.ts';

/** etcd puts what arrives together into one write of its log, so many connections are faster than a fast one. */
const CONNECTIONS = 64;

/** Writes keys to etcd v2, with no more of HTTP than that needs: Node's client would take longer than etcd does. The number of keys. */
export async function fillV1Fast(endpoint: string, entries: Iterator<V1Entry>): Promise<number> {
  const { hostname, port, host } = new URL(endpoint);
  let count = 0;
  const lane = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      const next = (): void => {
        const { done, value } = entries.next();
        if (done) return void socket.end();
        count++;
        socket.write(put(host, value));
      };
      socket.on('connect', next).on('error', reject).on('close', () => resolve());
      socket.on('data', (answer: Buffer) => {
        const status = /^HTTP\/1\.1 (\d+)/.exec(answer.toString('latin1', 0, 20))?.[1];
        // What does not begin with a status is the rest of an answer.
        if (status?.startsWith('20')) next();
        else if (status !== undefined) reject(new Error(`etcd v2 at ${endpoint} answered ${status} to a key of the bench: ${answer.toString('utf8').slice(-300)}`));
      });
    });
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  return count;
}

function put(host: string, { path, value }: V1Entry): string {
  const body = `value=${encodeURIComponent(value)}`;
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `PUT /v2/keys${encoded} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
