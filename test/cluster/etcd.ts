import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { part } from './paths.ts';
import { freePort } from './ports.ts';
import { type RunningProcess, startProcess } from './processes.ts';
import { run } from './run.ts';
import { waitFor } from './wait-for.ts';

export interface EtcdOptions {
  /** Debian's etcd 3.4, which serves v2 keys too; else the control plane's 3.6. @default false */
  readonly v2?: boolean;
  /** TLS with client certificates. @default plain HTTP */
  readonly tls?: boolean;
  /** Whether writes reach the disk before they are answered. `after restart`: not until it is started again, which fills it faster. @default always with `v2`, else never */
  readonly fsync?: 'always' | 'after restart' | 'never';
  /** Where it listens. @default 127.0.0.1 */
  readonly address?: string;
}

/** An etcd of its own for tests of the datastore migration. */
export interface Etcd {
  readonly endpoint: string;
  /** Paths of PEM files; with `tls` only. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string } | undefined;
  readonly dir: string;
  /** SIGKILL; the data stay. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startEtcd({ v2 = false, tls = false, fsync = v2 ? 'always' : 'never', address = '127.0.0.1' }: EtcdOptions = {}): Promise<Etcd> {
  const command = v2 ? DEBIAN_ETCD : part('etcd');
  if (!existsSync(command)) throw new Error(`${command} is missing: run test/cluster/install`);
  const dir = mkdtempSync(join(tmpdir(), 'hookwave-etcd-'));
  mkdirSync(join(dir, 'pki'));
  const files = tls ? await certificates(join(dir, 'pki'), address) : undefined;
  const endpoint = `${tls ? 'https' : 'http'}://${address}:${await freePort()}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  const args = [
    `--data-dir=${join(dir, 'data')}`,
    `--listen-client-urls=${endpoint}`,
    `--advertise-client-urls=${endpoint}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--log-level=warn',
    ...(v2 ? ['--enable-v2=true'] : []),
    ...(files ? [`--trusted-ca-file=${files.ca}`, `--cert-file=${files.cert}`, `--key-file=${files.key}`, '--client-cert-auth'] : []),
  ];
  let process: RunningProcess | undefined;
  const etcd: Etcd = {
    endpoint,
    files,
    dir,
    async kill() {
      await process?.kill();
    },
    async start() {
      const unsafe = fsync === 'never' || (fsync === 'after restart' && !process);
      const running = startProcess({ name: 'etcd', command, args: [...args, ...(unsafe ? ['--unsafe-no-fsync'] : [])], log: join(dir, 'etcd.log') });
      process = running;
      await waitFor('etcd', () => isHealthy(endpoint, files, running), { everyMs: 50 });
    },
    async stop() {
      await process?.kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  await etcd.start();
  return etcd;
}

const DEBIAN_ETCD = '/usr/bin/etcd';

async function isHealthy(endpoint: string, files: Etcd['files'], process: RunningProcess): Promise<boolean> {
  if (process.ended()) throw new Error(`etcd ended with ${process.ended()}: see ${process.log}`);
  const args = files ? ['--cacert', files.ca, '--cert', files.cert, '--key', files.key] : [];
  return run('curl', ['-sf', '--max-time', '2', ...args, `${endpoint}/health`]).then(
    (text) => text.includes('true'),
    () => false,
  );
}

/** A CA, and one certificate that serves as the server's and the client's. */
async function certificates(dir: string, address: string): Promise<{ readonly ca: string; readonly cert: string; readonly key: string }> {
  const file = (name: string): string => join(dir, name);
  const openssl = (...args: string[]): Promise<string> => run('openssl', args, { cwd: dir });
  await openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=test CA', '-keyout', 'ca.key', '-out', 'ca.pem');
  await openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=etcd', '-keyout', 'etcd.key', '-out', 'etcd.csr', '-addext', `subjectAltName=IP:${address},IP:127.0.0.1`);
  await openssl('x509', '-req', '-in', 'etcd.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-copy_extensions', 'copy', '-out', 'etcd.pem');
  return { ca: file('ca.pem'), cert: file('etcd.pem'), key: file('etcd.key') };
}
