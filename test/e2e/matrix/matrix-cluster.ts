/** The cluster of the matrix: Calico's kinds, the accounts and roles that `hookwave synth` writes, a proxy that breaks things. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { upstreamCalico } from '../../cluster/calico.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { type FaultyProxy, type Session, startFaultyProxy } from '../../cluster/faulty-proxy.ts';
import { projectFolder, testdata } from '../../cluster/paths.ts';
import { run } from '../../cluster/run.ts';
import { startCluster } from '../../cluster/start-cluster.ts';
import { type Api, apiOf } from './api.ts';
import { type Ending, type RunnerProcess, startRunner } from './runner-process.ts';
import { serveCalico, type Serving } from './calico-kinds.ts';
import { type Datastore, startDatastore } from './datastore.ts';
import { DEFINITIONS, placeOf, type Scenario } from './scenarios.ts';
import { MIGRATION, putState, readState, type State } from './state.ts';

export interface MatrixCluster {
  readonly cluster: Cluster;
  readonly proxy: FaultyProxy;
  readonly api: Api;
  /** Changes how Calico's kinds are served, one step further each time; `storage` at the start. */
  serve(serving: Serving): Promise<void>;
  /** Puts the scenario's state into the cluster and starts its stand-in player; `close` ends that one. */
  open(scenario: Scenario): Promise<Case>;
  /** Every Pod template of the upgrade's own Jobs, by name. */
  readonly podTemplates: ReadonlyMap<string, Json>;
  stop(): Promise<void>;
}

export interface Case {
  /** Runs the step once with these faults. */
  run(disturbance?: Disturbance): Promise<Ending>;
  /** What is there now. */
  state(): Promise<State>;
  close(): Promise<void>;
}

export interface Disturbance {
  fault?(call: Parameters<NonNullable<Session['fault']>>[0], runner: RunnerProcess): ReturnType<NonNullable<Session['fault']>>;
  readonly flags?: Readonly<Record<string, string>>;
  /** Milliseconds by which `runner.jump()` moves the clock. */
  readonly clockJump?: number;
}

/** Off, so that workloads stay as the test puts them. */
const PLAYED = ['daemonset-controller', 'deployment-controller', 'replicaset-controller', 'job-controller', 'node-lifecycle-controller', 'pod-garbage-collector-controller', 'taint-eviction-controller'];

export async function startMatrixCluster(): Promise<MatrixCluster> {
  const [cluster, datastore] = await Promise.all([startCluster({ withoutControllers: PLAYED, extension: true }), startDatastore()]);
  await serveCalico(cluster, 'storage');
  await cluster.kubectl(['create', 'serviceaccount', 'calico-node', '-n', 'kube-system']);
  await cluster.kubectl(['create', 'namespace', MIGRATION]);
  const { steps, podTemplates } = await installAccounts(cluster);
  const api = apiOf(cluster);
  for (const name of ['node-a', 'node-b']) await createNode(api, name);
  const proxy = await startFaultyProxy(cluster);
  const kubeconfigs = await kubeconfigsOf(cluster, proxy, [...steps.values()]);
  return {
    cluster,
    proxy,
    podTemplates,
    api,
    serve: (serving) => serveCalico(cluster, serving),
    open: (scenario) => openCase({ api, proxy, datastore, steps, kubeconfigs }, scenario),
    async stop() {
      await proxy.stop();
      await Promise.all([cluster.stop(), datastore.stop()]);
    },
  };
}

interface Parts {
  readonly api: Api;
  readonly proxy: FaultyProxy;
  readonly datastore: Datastore;
  readonly steps: ReadonlyMap<string, SynthesizedStep>;
  readonly kubeconfigs: ReadonlyMap<string, string>;
}

async function openCase({ api, proxy, datastore, steps, kubeconfigs }: Parts, scenario: Scenario): Promise<Case> {
  const step = steps.get(scenario.step);
  if (!step) throw new Error(`no Job runs ${scenario.step}`);
  const plan = step.args.find((arg) => arg.startsWith('--plan='))?.slice('--plan='.length) ?? '';
  const place = placeOf(scenario);
  await Promise.all([putState(api, scenario.state(plan), place), scenario.migration && datastore.put(scenario.migration)]);
  const over = new AbortController();
  // Else the player would take what the case before has asked for this one's.
  proxy.begin();
  const played = scenario.play?.(api, over.signal, () => proxy.calls.some(({ watch }) => watch), datastore).catch((error: unknown) => {
    if (!over.signal.aborted) throw error;
  });
  return {
    async run({ fault, flags, clockJump } = {}) {
      let runner: RunnerProcess | undefined;
      const started = (): RunnerProcess => {
        if (!runner) throw new Error('a request before the runner');
        return runner;
      };
      proxy.begin({ ...(fault && { fault: (call) => fault(call, started()) }), kill: () => started().kill() });
      runner = startRunner({ args: withFlags(step.args, { ...scenario.flags, ...flags }), kubeconfig: kubeconfigs.get(step.account) ?? '', namespace: place.hooks, ...(scenario.migration && { env: datastore.env }), ...(clockJump !== undefined && { clockJump }) });
      return runner.ended;
    },
    async state() {
      const { objects, log } = await readState(api, place);
      return { objects: scenario.migration ? { ...objects, etcd: JSON.stringify(await datastore.state(), null, 1) } : objects, log };
    },
    async close() {
      over.abort();
      await played;
    },
  };
}

function withFlags(args: readonly string[], flags: Readonly<Record<string, string>>): readonly string[] {
  const others = args.filter((arg) => !Object.keys(flags).some((name) => arg.startsWith(`--${name}=`)));
  return [...others, ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)];
}

interface SynthesizedStep {
  readonly args: readonly string[];
  /** `namespace/name` of the account that runs it. */
  readonly account: string;
}

/** Applies what carries rights, and gives each step's own arguments and account; of a step that several specs have, the first one's. */
async function installAccounts(cluster: Cluster): Promise<{ readonly steps: ReadonlyMap<string, SynthesizedStep>; readonly podTemplates: MatrixCluster['podTemplates'] }> {
  const folder = join(cluster.dir, 'matrix');
  await synthesize(folder);
  const [upgrade = [], ...migrations] = SPECS.map(({ metadata }) => objectsOf(join(folder, 'deploy', metadata.name)));
  const objects = [...upgrade, ...migrations.flat()];
  const rights = ['Namespace', 'ServiceAccount', 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'];
  const own = objects.filter(({ kind, metadata }) => rights.includes(kind) && metadata.name.startsWith('hookwave-calico'));
  await cluster.apply(own.toSorted((a, b) => rights.indexOf(a.kind) - rights.indexOf(b.kind)));
  const tunables = objects.find(({ kind, data }) => kind === 'ConfigMap' && data?.['tunables.json']);
  writeFileSync(join(folder, 'tunables.json'), tunables?.data['tunables.json']);
  writeFileSync(join(folder, 'crds.json'), JSON.stringify(DEFINITIONS));
  const podTemplates = new Map(upgrade.filter(({ kind, metadata }) => kind === 'Job' && metadata.name.startsWith('hookwave-calico')).map(({ metadata, spec }) => [metadata.name, spec.template]));
  return { steps: new Map(objects.flatMap((object) => stepsOf(object, folder)).toReversed()), podTemplates };
}

function stepsOf({ kind, metadata, spec }: Json, folder: string): readonly (readonly [string, SynthesizedStep])[] {
  if (kind !== 'Job' && kind !== 'DaemonSet') return [];
  const { serviceAccountName, initContainers = [], containers } = spec.template.spec;
  return [...initContainers, ...containers]
    .filter(({ args }: Json) => args?.[0] === 'run')
    .map(({ args }: Json) => [args[1], { args: args.map((arg: string) => arg.replace('/etc/hookwave/', `${folder}/`)), account: `${metadata.namespace}/${serviceAccountName}` }] as const);
}

const apiVersion = 'hookwave.dev/v1alpha1';
const migrationSpec = { nodeImage: 'quay.io/calico/node:v3.1.7', namespace: MIGRATION, install: { manifest: 'vendor/calico-v3.yaml', previous: 'vendor/calico-v2.yaml' } };
const SPECS = [
  { apiVersion, kind: 'CalicoUpgrade', metadata: { name: 'calico' }, spec: { from: 'v3.13.4', to: 'v3.32.1', install: { type: 'manifest', datastore: 'kubernetes', manifest: 'vendor/calico.yaml', calicoctl: 'vendor/calicoctl.yaml' } } },
  { apiVersion, kind: 'CalicoDatastoreMigration', metadata: { name: 'calico-v3' }, spec: migrationSpec },
  { apiVersion, kind: 'CalicoDatastoreMigration', metadata: { name: 'calico-v3-back' }, spec: { ...migrationSpec, direction: 'abort' } },
];

async function synthesize(folder: string): Promise<void> {
  mkdirSync(join(folder, 'vendor'), { recursive: true });
  const example = (file: string): string => readFileSync(join(projectFolder, 'examples/calico-datastore-migration/vendor', file), 'utf8').replaceAll('namespace: kube-system', `namespace: ${MIGRATION}`);
  const vendor = { 'calico.yaml': upstreamCalico('v3.32.1'), 'calicoctl.yaml': readFileSync(testdata('calico/v3.32.1/calicoctl.yaml')), 'calico-v2.yaml': example('calico-v2.yaml'), 'calico-v3.yaml': example('calico-v3.yaml') };
  writeFileSync(join(folder, 'hookwave.yaml'), SPECS.map((spec) => stringify(spec)).join('---\n'));
  const hookwave = join(projectFolder, 'dist/hookwave.js');
  for (const [file, text] of Object.entries(vendor)) {
    writeFileSync(join(folder, 'vendor', file), text);
    await run('node', [hookwave, 'vendor', `vendor/${file}`], { cwd: folder });
  }
  await run('node', [hookwave, 'synth', '-o', 'deploy'], { cwd: folder });
}

function objectsOf(folder: string): readonly Json[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split(/^---$/m))
    .filter((text) => !text.includes('kind: CustomResourceDefinition'))
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Json))
    .filter((object) => object?.kind);
}

async function createNode(api: Api, name: string): Promise<void> {
  await api.send('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name } });
  await api.send('PATCH', `/api/v1/nodes/${name}/status`, { status: { conditions: [{ type: 'Ready', status: 'True' }] } }, 'application/merge-patch+json');
}

/** One for each account, with a token of its own, at the proxy. */
async function kubeconfigsOf(cluster: Cluster, { url }: FaultyProxy, steps: readonly SynthesizedStep[]): Promise<ReadonlyMap<string, string>> {
  const { clusters, ...config } = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')) as Json;
  const accounts = [...new Set(steps.map(({ account }) => account))];
  return new Map(
    await Promise.all(
      accounts.map(async (account): Promise<[string, string]> => {
        const [namespace = '', name = ''] = account.split('/');
        const token = (await cluster.kubectl(['create', 'token', name, '-n', namespace, '--duration=2h'])).trim();
        const path = join(cluster.dir, 'matrix', `${name}.kubeconfig`);
        const at = { ...clusters[0], cluster: { ...clusters[0].cluster, server: url } };
        writeFileSync(path, JSON.stringify({ ...config, clusters: [at], users: [{ name: config.users[0].name, user: { token } }] }));
        return [account, path];
      }),
    ),
  );
}
