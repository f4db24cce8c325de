/** A cluster with Calico 2.6 on an etcd of its own: one real node, three fake ones, the data of a believable cluster. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { EtcdAccess } from '../../../src/etcd/access.ts';
import { connectV2, type EtcdV2 } from '../../../src/etcd/v2.ts';
import { connectV3, type EtcdV3 } from '../../../src/etcd/v3.ts';
import type { SequencerName } from '../../../src/sequencers/names.ts';
import { v1Cluster } from '../../calico-v1/cluster.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { type Etcd, startEtcd } from '../../cluster/etcd.ts';
import { startFakeNodes } from '../../cluster/fake-nodes.ts';
import { calicoStandIns } from '../../cluster/images/calico-stand-ins.ts';
import { runnerImage } from '../../cluster/images/runner-image.ts';
import { run } from '../../cluster/run.ts';
import { startCluster } from '../../cluster/start-cluster.ts';
import { limitUsers, type Users } from './etcd-users.ts';
import { datastoreState, type DatastoreState, type Players, startPlayers } from './players.ts';

const root = join(import.meta.dirname, '../../..');
const example = join(root, 'examples/calico-datastore-migration/vendor');
const hookwave = join(root, 'dist/hookwave.js');
export const RUNNER = 'docker.io/hookwave/runner:test';
export const NAME = 'calico-v3';

/** Everything of one etcd; the cluster can be given another one. */
export interface Datastore {
  readonly etcd: Etcd;
  readonly v2: EtcdV2;
  readonly v3: EtcdV3;
  readonly players: Players;
  /** Only with passwords. */
  readonly users: Users | undefined;
  state(): Promise<DatastoreState>;
  /** What the cluster's ConfigMap, Secrets and stand-ins need; apart from the manifest of a release. */
  readonly manifest: (release: 'v2' | 'v3') => string;
  stop(): Promise<void>;
}

export async function startMigrationCluster(options: { readonly argocd: boolean }): Promise<Cluster> {
  const cluster = await startCluster({ kubelets: 1, argocd: options.argocd });
  const images = [await runnerImage(join(root, 'dist/runner.cjs'), RUNNER), ...(await calicoStandIns('v2.6.12')), ...(await calicoStandIns('v3.1.7')), ...(await calicoStandIns('v1.11.8')), ...(await calicoStandIns('v1.0.5'))];
  await Promise.all([cluster.images.load(...images), startFakeNodes(cluster, ['fake-1', 'fake-2', 'fake-3'])]);
  return cluster;
}

/** An etcd with v1 data, reached by TLS client certificates or by passwords; Calico 2.6 of the cluster runs on it. */
export async function startDatastore(cluster: Cluster, how: 'tls' | 'password'): Promise<Datastore> {
  const etcd = await startEtcd({ v2: true, tls: how === 'tls', address: addressOf(cluster) });
  const access: EtcdAccess = { endpoints: [etcd.endpoint], ...(etcd.files && { ca: read(etcd.files.ca), cert: read(etcd.files.cert), key: read(etcd.files.key) }) };
  const plain = connectV2(access);
  // etcd's v2 API hashes the password at every request, so that hosts, which are read one by one, cost a second each.
  for (const { path, value } of v1Cluster({ workloadEndpoints: 60, nodes: how === 'tls' ? 3 : 1 })) await plain.write(path, value);
  plain.close();
  const users = how === 'password' ? await limitUsers(etcd.endpoint) : undefined;
  const admin = { ...access, ...(users && users.root) };
  const [v2, v3] = [connectV2(admin), connectV3(admin)];
  const manifest = (release: 'v2' | 'v3'): string => manifestFor(read(join(example, `calico-${release}.yaml`)), etcd, users);
  await cluster.kubectl(['apply', '-f', '-'], secretsOf(etcd, users));
  await cluster.kubectl(['apply', '-f', '-'], manifest('v2'));
  const players = startPlayers(cluster, v2, v3);
  return {
    etcd,
    v2,
    v3,
    players,
    users,
    manifest,
    state: () => datastoreState(v2, v3),
    async stop() {
      await players.stop();
      v2.close();
      v3.close();
      await etcd.stop();
    },
  };
}

/** The nodes reach the machine at the address that the API server has. */
function addressOf(cluster: Cluster): string {
  const { clusters } = JSON.parse(read(cluster.kubeconfig));
  return new URL(clusters[0].cluster.server).hostname;
}

/** The example's manifest on this etcd: endpoints, certificates or users, and a probe that a test need not wait for. */
function manifestFor(text: string, { endpoint, files }: Etcd, users: Users | undefined): string {
  const withUsers = (indent: string): string =>
    ['USERNAME', 'PASSWORD'].map((name) => `${indent}- name: ETCD_${name}\n${indent}  valueFrom: {secretKeyRef: {name: etcd-users, key: ${name.toLowerCase()}}}\n`).join('');
  return text
    .replace(/(etcd_endpoints: ).*/, `$1"${endpoint}"`)
    .replace(/(etcd_(?:ca|cert|key): ).*/g, files ? '$&' : '$1""')
    .replace('periodSeconds: 10', 'periodSeconds: 1')
    .replace(/secretName: calico-etcd-secrets\n/g, '$&            optional: true\n')
    .replace(/^( +)env:\n/gm, (line, indent: string) => (users ? line + withUsers(`${indent}  `) : line));
}

function secretsOf({ files }: Etcd, users: Users | undefined): string {
  const secret = (name: string, data: Json): Json => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'kube-system' }, stringData: data });
  const certificates = files ? [secret('calico-etcd-secrets', { 'etcd-ca': read(files.ca), 'etcd-cert': read(files.cert), 'etcd-key': read(files.key) })] : [];
  return [...certificates, ...(users ? [secret('etcd-users', users.calico)] : [])].map((one) => JSON.stringify(one)).join('\n---\n');
}

/** Writes spec and manifests, and what `hookwave vendor` and `synth` make of them; the output lies in `deploy/calico-v3`. */
export async function synth(folder: string, { manifest, users }: Datastore, change: Json = {}, sequencer: SequencerName = 'argo'): Promise<void> {
  const spec = {
    nodeImage: 'quay.io/calico/node:v3.1.7',
    install: { manifest: 'vendor/calico-v3.yaml', previous: 'vendor/calico-v2.yaml' },
    quiesce: '2s',
    verify: { stableFor: '2s' },
    runner: { image: RUNNER, imagePullPolicy: 'Never' },
    ...(users && { etcd: { credentials: { secret: 'etcd-users' } } }),
    ...change,
  };
  put(join(folder, 'hookwave.yaml'), stringify({ apiVersion: 'hookwave.dev/v1alpha1', kind: 'CalicoDatastoreMigration', metadata: { name: NAME }, spec }));
  for (const release of ['v2', 'v3'] as const) {
    put(join(folder, `vendor/calico-${release}.yaml`), manifest(release));
    await run('node', [hookwave, 'vendor', `vendor/calico-${release}.yaml`], { cwd: folder });
  }
  await run('node', [hookwave, 'synth', '-o', 'deploy', '--sequencer', sequencer], { cwd: folder });
}

/** The command line against the cluster; returns what it prints. */
export function status(cluster: Cluster): Promise<string> {
  return run('node', [hookwave, 'status', NAME, '--kubeconfig', cluster.kubeconfig], { cwd: cluster.dir });
}

/** `hookwave migrate ...` against the etcd. */
export function migrate({ etcd }: Datastore, ...args: readonly string[]): Promise<string> {
  const side = (prefix: string): Record<string, string> => ({
    [`${prefix}_ENDPOINTS`]: etcd.endpoint,
    ...(etcd.files && { [`${prefix}_CA_CERT_FILE`]: etcd.files.ca, [`${prefix}_CERT_FILE`]: etcd.files.cert, [`${prefix}_KEY_FILE`]: etcd.files.key }),
  });
  return run('node', [hookwave, 'migrate', ...args], { env: { ...side('CALICO_ETCD'), ...side('CALICO_APIV1_ETCD'), CALICO_APIV1_DATASTORE_TYPE: 'etcdv2' } });
}

export async function record(cluster: Cluster): Promise<Json> {
  const map = await cluster.get('configmap', `hookwave-${NAME}`, 'kube-system');
  return map ? JSON.parse(map.data['record.json']) : undefined;
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
