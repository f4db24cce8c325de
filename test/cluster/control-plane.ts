import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';

import { makeFrontProxy } from './front-proxy.ts';
import { serviceCidr } from './network.ts';
import { part } from './paths.ts';
import { freePort } from './ports.ts';
import type { RunningProcess } from './processes.ts';
import { GiveUp, waitFor } from './wait-for.ts';
import type { Workspace } from './workspace.ts';

export interface ControlPlane {
  readonly kubeconfig: string;
  readonly server: string;
  readonly apiserver: ApiServer;
  /** Not running yet. Absent unless asked for. */
  readonly extension?: ExtensionServer;
  /** A kubeconfig for a node's kubelet. */
  nodeKubeconfig(node: string): string;
  /** Starts controller-manager, without some of its controllers, and scheduler. */
  startControllers(without: readonly string[]): void;
}

export interface ApiServer {
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, with the same data, certificates and port; resolves when it is ready. */
  start(): Promise<void>;
  /** The audit log, one JSON event a line: metadata of every request that may change something. */
  readonly auditLog: string;
  /** Each start of its process, milliseconds. */
  readonly startedAt: readonly number[];
}

/** A second API server for groups that the first one passes on to it (an APIService), as calico-apiserver is one. */
export interface ExtensionServer extends Pick<ApiServer, 'kill' | 'start'> {
  /** Where the first one reaches it. */
  readonly address: string;
  readonly port: number;
  /** With all rights; written by `start`. */
  readonly kubeconfig: string;
}

export interface ControlPlaneOptions {
  /** With an extension API server, which this one trusts to know its users. @default false */
  readonly extension?: boolean;
}

/** etcd and kube-apiserver, ready to serve; the tokens of `nodes` are known to it. */
export async function startControlPlane(workspace: Workspace, nodes: readonly string[], options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const pki = join(workspace.dir, 'pki');
  mkdirSync(pki);
  writeServiceAccountKeys(pki);
  const tokens = writeTokens(pki, nodes);
  const etcd = await startEtcd(workspace);
  const port = await freePort();
  const server = `https://${workspace.network.address}:${port}`;
  const auditLog = join(workspace.dir, 'logs', 'audit.log');
  const args = apiserverArguments(workspace, { pki, etcd, port, auditLog });
  const frontProxy = options.extension ? await makeFrontProxy(pki) : undefined;
  const apiserver: ApiServer = { auditLog, ...serverProcess(workspace, { name: 'kube-apiserver', args: [...args, ...(frontProxy?.clientFlags ?? [])], server }) };
  await apiserver.start();

  const kubeconfigFor = (user: string) => writeKubeconfig(workspace.dir, pki, server, user, tokens.get(user) ?? '');
  const kubeconfig = kubeconfigFor('admin');
  return {
    kubeconfig,
    server,
    apiserver,
    ...(frontProxy && { extension: await extensionServer(workspace, { pki, etcd, token: tokens.get('admin') ?? '', trust: frontProxy.serverFlags }) }),
    nodeKubeconfig: kubeconfigFor,
    startControllers: (without) => startControllers(workspace, kubeconfig, pki, without),
  };
}

interface Served {
  readonly name: string;
  readonly args: readonly string[];
  readonly server: string;
}

function serverProcess(workspace: Workspace, { name, args, server }: Served): Pick<ApiServer, 'kill' | 'start' | 'startedAt'> {
  let process: RunningProcess | undefined;
  const startedAt: number[] = [];
  return {
    startedAt,
    kill: async () => process?.kill(),
    async start() {
      const started = workspace.start({ name, command: part('kube-apiserver'), args });
      process = started;
      startedAt.push(Date.now());
      await waitFor(name, () => isReady(server, started), { everyMs: 50 });
    },
  };
}

interface ExtensionFiles {
  readonly pki: string;
  readonly etcd: string;
  /** Of the user with all rights. */
  readonly token: string;
  readonly trust: readonly string[];
}

/** A kube-apiserver with data and roles of its own. (With AlwaysAllow it would take no anonymous question whether it is ready.) */
async function extensionServer(workspace: Workspace, { pki, etcd, token, trust }: ExtensionFiles): Promise<ExtensionServer> {
  const own = join(workspace.dir, 'extension');
  mkdirSync(own);
  writeFileSync(join(own, 'tokens.csv'), `${tokenLine('admin', token)}\n`);
  const [port, { address }] = [await freePort(), workspace.network];
  const server = `https://${address}:${port}`;
  const args = [
    `--etcd-servers=${etcd}`,
    '--etcd-prefix=/extension',
    '--bind-address=0.0.0.0',
    `--advertise-address=${address}`,
    `--external-hostname=${address}`,
    `--secure-port=${port}`,
    `--cert-dir=${own}`,
    `--service-cluster-ip-range=${serviceCidr}`,
    '--service-account-issuer=https://extension.test',
    `--service-account-key-file=${join(pki, 'sa.pub')}`,
    `--service-account-signing-key-file=${join(pki, 'sa.key')}`,
    `--token-auth-file=${join(own, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--shutdown-delay-duration=0s',
    ...trust,
  ];
  const { kill, start } = serverProcess(workspace, { name: 'extension-apiserver', args, server });
  return { address, port, kubeconfig: join(own, 'admin.kubeconfig'), kill, start: () => start().then(() => void writeKubeconfig(own, own, server, 'admin', token)) };
}

async function startEtcd(workspace: Workspace): Promise<string> {
  const client = `http://127.0.0.1:${await freePort()}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  workspace.start({
    name: 'etcd',
    command: part('etcd'),
    args: [
      `--data-dir=${join(workspace.dir, 'etcd')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
  });
  return client;
}

interface ApiServerFiles {
  readonly pki: string;
  readonly etcd: string;
  readonly port: number;
  readonly auditLog: string;
}

function apiserverArguments(workspace: Workspace, { pki, etcd, port, auditLog }: ApiServerFiles): string[] {
  const policy = join(pki, 'audit-policy.yaml');
  writeFileSync(policy, auditPolicy);
  return [
    `--etcd-servers=${etcd}`,
    '--bind-address=0.0.0.0',
    `--advertise-address=${workspace.network.address}`,
    `--external-hostname=${workspace.network.address}`,
    `--secure-port=${port}`,
    `--cert-dir=${pki}`,
    `--service-cluster-ip-range=${serviceCidr}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(pki, 'sa.pub')}`,
    `--service-account-signing-key-file=${join(pki, 'sa.key')}`,
    `--token-auth-file=${join(pki, 'tokens.csv')}`,
    '--authorization-mode=Node,RBAC',
    '--allow-privileged=true',
    '--kubelet-preferred-address-types=InternalIP',
    '--shutdown-delay-duration=0s',
    // All clients are on this machine; packing the answers for them took a quarter of the API server's CPU time.
    '--feature-gates=APIResponseCompression=false',
    `--audit-policy-file=${policy}`,
    `--audit-log-path=${auditLog}`,
  ];
}

/** Enough to check who wrote what, without the noise of leases and events; of Pods' accounts everything. */
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - {level: Metadata, userGroups: ["system:serviceaccounts"]}
  - {level: None, resources: [{group: coordination.k8s.io}, {group: events.k8s.io}, {resources: [events]}]}
  - {level: Metadata, users: [], verbs: [create, update, patch, delete, deletecollection]}
`;

function isReady(server: string, process: RunningProcess): Promise<boolean> {
  const ended = process.ended();
  if (ended) throw new GiveUp(`kube-apiserver ended with ${ended}, see ${process.log}`);
  return new Promise((resolve) => {
    // Our own process on this machine; its certificate is self-signed and may not be written yet.
    const get = request(`${server}/readyz`, { rejectUnauthorized: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    get.on('error', () => resolve(false));
    get.on('timeout', () => get.destroy());
    get.end();
  });
}

function startControllers(workspace: Workspace, kubeconfig: string, pki: string, without: readonly string[]): void {
  const common = [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--bind-address=127.0.0.1', '--secure-port=0'];
  workspace.start({
    name: 'kube-controller-manager',
    command: part('kube-controller-manager'),
    args: [
      ...common,
      `--service-account-private-key-file=${join(pki, 'sa.key')}`,
      `--root-ca-file=${join(pki, 'apiserver.crt')}`,
      '--use-service-account-credentials=true',
      `--controllers=${['*', ...without.map((name) => `-${name}`)].join(',')}`,
      '--node-monitor-period=1s',
      '--kube-api-qps=200',
      '--kube-api-burst=400',
    ],
  });
  workspace.start({ name: 'kube-scheduler', command: part('kube-scheduler'), args: common });
}

function writeServiceAccountKeys(pki: string): void {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  writeFileSync(join(pki, 'sa.pub'), publicKey);
  writeFileSync(join(pki, 'sa.key'), privateKey);
}

function writeTokens(pki: string, nodes: readonly string[]): Map<string, string> {
  const tokens = new Map(['admin', ...nodes].map((user) => [user, randomBytes(16).toString('hex')]));
  writeFileSync(join(pki, 'tokens.csv'), [...tokens].map(([user, token]) => `${tokenLine(user, token)}\n`).join(''));
  return tokens;
}

function tokenLine(user: string, token: string): string {
  return user === 'admin' ? `${token},admin,admin,system:masters` : `${token},system:node:${user},${user},system:nodes`;
}

function writeKubeconfig(dir: string, pki: string, server: string, user: string, token: string): string {
  const path = join(dir, `${user}.kubeconfig`);
  const authority = readFileSync(join(pki, 'apiserver.crt')).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'hookwave', cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: 'hookwave', context: { cluster: 'hookwave', user } }],
    'current-context': 'hookwave',
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
