/** A case for each thing that a step does. Workloads are moved by the test, a stand-in for their controllers and kubelets. */
import { FROZEN_ANNOTATION } from '../../../src/calico/preflight.ts';
import { newPolicy, storageRules } from '../../../src/calico/storage.ts';
import { TEMPORARY_POLICY, TEMPORARY_SPEC, UPGRADE_ANNOTATION, UPGRADE_ENDPOINT_LABEL } from '../../../src/calico/temporary-policy.ts';
import type { Run, RunRecord } from '../../../src/plan/record.ts';
import { automaticHostEndpoint, hostEndpoint } from '../../cluster/calico.ts';
import type { Json } from '../../cluster/cluster.ts';
import { CRASHING, clusterInformation, daemonSet, deployment, pod, type PodOptions, type RolledOptions } from '../../src/calico/objects.ts';
import type { Api } from './api.ts';
import type { Datastore, Progress } from './datastore.ts';
import { HOOKS, MIGRATION, pathOf, type Place, play, type Served, UPGRADE_PLACE } from './state.ts';

export interface Scenario {
  readonly step: string;
  /** What it is about. */
  readonly name: string;
  /** Flags in place of the synthesized ones. */
  readonly flags?: Readonly<Record<string, string>>;
  /** How Calico's kinds have to be served. @default storage */
  readonly served?: Served;
  /** Of the datastore migration, and how far that is at the start. @default of an upgrade, which knows no etcd */
  readonly migration?: Progress;
  state(plan: string): readonly Json[];
  /** Runs beside the runner until `signal` is aborted. */
  play?(api: Api, signal: AbortSignal, isWatching: () => boolean, datastore: Datastore): Promise<void>;
  /** @default 0 */
  readonly exit?: number;
  /** Changes that an undisturbed run makes at the least. */
  readonly writes: number;
  /** Whether it reads collections. @default true */
  readonly lists?: boolean;
  /** Whether it waits for events. @default false */
  readonly watches?: boolean;
  /** Also in the short run. */
  readonly short?: boolean;
}

/** Where its objects are. */
export function placeOf({ served = 'storage', migration }: Pick<Scenario, 'served' | 'migration'>): Place {
  return { ...UPGRADE_PLACE, ...(migration && { calico: MIGRATION, hooks: MIGRATION }), served };
}

const OLD = 'v3.13.4';
const NEW = 'v3.32.1';

export const SCENARIOS: readonly Scenario[] = [
  { step: 'plan-gate', name: 'an open run goes on', writes: 0, lists: false, state: (plan) => [...installed(OLD), record(plan, 'running')] },
  { step: 'plan-gate', name: 'refuses a frozen plan', exit: 10, writes: 1, lists: false, state: (plan) => [...installed(OLD), record(plan, 'frozen')] },
  { step: 'calico-inspect', name: 'says what is due', writes: 1, state: () => installed(OLD) },
  { step: 'calico-denies', name: 'finds nothing that awakes', writes: 1, state: () => [...installed(OLD), ...endpoints()] },
  { step: 'calico-drift', name: 'finds no lost edit', writes: 1, state: () => installed(OLD) },
  { step: 'once-jobs-clear', name: 'deletes the Jobs of another plan', writes: 5, short: true, state: () => [...installed(OLD), onceJob('one'), onceJob('two')] },
  { step: 'crds-establish', name: 'creates three definitions', writes: 4, lists: false, state: () => installed(OLD) },
  { step: 'calico-protect', name: 'opens the run, makes the policy, labels two endpoints', writes: 9, short: true, state: () => [...installed(OLD), ...endpoints()] },
  { step: 'calico-protect', name: 'adds an endpoint to the undo data of before', writes: 7, state: (plan) => [...installed(OLD), record(plan, 'running'), ...endpoints(), undo(['one'])] },
  { step: 'calico-ctl-remove', name: 'deletes the old helper', writes: 4, state: (plan) => [...installed(OLD), record(plan, 'running'), calicoctl()] },
  { step: 'calico-rollout-watch', name: 'protects an endpoint that appears', writes: 6, watches: true, state: (plan) => [...rolling(), record(plan, 'running'), hostEndpoint({ name: 'late', node: 'node-a' })], play: completeWhenLabelled },
  { step: 'calico-rollout-watch', name: 'opens the run where prepare was skipped', writes: 7, watches: true, state: () => [...rolling(), hostEndpoint({ name: 'late', node: 'node-a' })], play: completeWhenLabelled },
  { step: 'calico-rollout-watch', name: 'takes out a container that the apply has left', writes: 4, watches: true, state: (plan) => [...installed(NEW).map(withLeftover), record(plan, 'running')] },
  { step: 'calico-rollout-watch', name: 'freezes', exit: 30, writes: 5, watches: true, short: true, flags: { 'stall-seconds': '1' }, state: (plan) => [...rolling({ container: CRASHING }), record(plan, 'running')] },
  { step: 'calico-rollout-watch', name: 'takes the mark of a freeze off', writes: 4, watches: true, state: (plan) => [...installed(NEW, { annotations: { [FROZEN_ANNOTATION]: plan } }), record(plan, 'running')] },
  { step: 'calico-endpoint-guard', name: 'lets go when the endpoint gets its label', writes: 0, watches: true, flags: { node: 'node-a' }, state: (plan) => [...rolling(), record(plan, 'running'), temporaryPolicy(), hostEndpoint({ name: 'one', node: 'node-a' })], play: labelOnceWatched },
  { step: 'calico-verify', name: 'ends the run', writes: 2, watches: true, flags: { 'stable-seconds': '1' }, state: (plan) => [...installed(NEW), record(plan, 'running')] },
  { step: 'calico-unprotect', name: 'takes policy and labels away', writes: 8, short: true, state: (plan) => [...installed(NEW), record(plan, 'done', ['cleanup']), ...endpoints({ [UPGRADE_ENDPOINT_LABEL]: '' }), temporaryPolicy(), coveringPolicy(), undo(['one', 'two'])] },
  { step: 'calico-diagnose', name: 'notes the state', writes: 1, state: (plan) => [...rolling({ container: CRASHING }), record(plan, 'running')] },
  { step: 'migration-inspect', name: 'converts all data, and writes none', migration: 'not begun', writes: 1, lists: false, state: () => migrating(V2) },
  { step: 'migration-abort', name: 'takes the new calico-node away, and lets v1 go on', migration: 'migrated', writes: 4, state: () => migrating(V3_1, { ready: false }), play: endPodsWithTheirOwner },
  { step: 'migration-rollout', name: 'opens the run, completes, takes the mark of a freeze off', migration: 'migrated', writes: 5, watches: true, state: (plan) => migrating(V3_1, { ready: false, annotations: { [FROZEN_ANNOTATION]: plan } }), play: readyWhenComplete },
  { step: 'migration-rollout', name: 'freezes', exit: 30, migration: 'migrated', writes: 7, watches: true, flags: { 'stall-seconds': '1' }, state: () => migrating(V3_1, { ready: false, first: { container: CRASHING } }) },
  { step: 'migration-verify', name: 'ends the run', migration: 'complete', writes: 2, watches: true, flags: { 'stable-seconds': '1' }, state: (plan) => [...migrating(V3_1), inMigration(record(plan, 'running', [], 'calico-v3'))] },
];

/**
 * The steps that write Calico's objects, through projectcalico.org/v3. What is not hookwave's on these objects has to stay, an annotation too that means something in the
 * storage only.
 */
export function throughV3(served: Exclude<Served, 'storage'>): readonly Scenario[] {
  const before = (version: string) => [...installed(version).filter(({ kind }) => kind !== 'ClusterInformation'), clusterInformation(version, V3)];
  return [
    { step: 'calico-protect', name: `through ${served} v3`, served, writes: 9, state: () => [...before(OLD), ...v3Endpoints()] },
    {
      step: 'calico-unprotect',
      name: `through ${served} v3`,
      served,
      writes: 8,
      state: (plan) => [...before(NEW), record(plan, 'done', ['cleanup']), ...v3Endpoints({ [UPGRADE_ENDPOINT_LABEL]: '' }), newPolicy(TEMPORARY_POLICY, { [UPGRADE_ANNOTATION]: 'calico' }, TEMPORARY_SPEC, 'v3', storageRules(OLD)), asV3(coveringPolicy()), undo(['one', 'two'])],
    },
  ];
}

const V3 = 'projectcalico.org/v3';

export const FOREIGN_ANNOTATIONS = { note: 'kept', 'projectcalico.org/metadata': `{"labels":{"${UPGRADE_ENDPOINT_LABEL}":""}}` };
export const FOREIGN_KEYS = { expectedIPs: ['192.0.2.7'], ports: [{ name: 'ssh', port: 22, protocol: 'TCP' }] };

function v3Endpoints(labels: Readonly<Record<string, string>> = {}): readonly Json[] {
  return endpoints(labels).map((endpoint) => asV3({ ...endpoint, metadata: { ...endpoint.metadata, annotations: FOREIGN_ANNOTATIONS }, spec: { ...endpoint.spec, ...FOREIGN_KEYS } }));
}

function asV3(object: Json): Json {
  return { ...object, apiVersion: V3 };
}

/** For crds-establish. */
export const DEFINITIONS = ['ones', 'twos', 'threes'].map((plural) => ({
  name: `${plural}.matrix.hookwave.test`,
  group: 'matrix.hookwave.test',
  names: { kind: plural.toUpperCase(), listKind: `${plural.toUpperCase()}List`, plural, singular: plural.slice(0, -1) },
  scope: 'Cluster',
  versions: [{ name: 'v1', served: true, storage: true }],
}));

function installed(version: string, rolled: RolledOptions = {}): readonly Json[] {
  return [daemonSet({ version, ...rolled }), ownPod('a', { version }), ownPod('b', { version }), controllers(version), clusterInformation(version)];
}

/** One of two Pods is new. */
export function rolling(first: PodOptions = {}): readonly Json[] {
  return [daemonSet({ version: NEW, updated: 1, available: 1 }), ownPod('a', { version: NEW, ...first }), ownPod('b', { version: OLD }), controllers(NEW), clusterInformation(NEW)];
}

/** The DaemonSet with a container that kubectl has applied once, and that the new release does not have. */
function withLeftover(object: Json): Json {
  if (object.kind !== 'DaemonSet') return object;
  const { metadata, spec } = object;
  const initContainers = [{ name: 'of-old', image: `docker.io/calico/old:${OLD}` }];
  const noted = { kind: 'DaemonSet', metadata: { name: metadata.name }, spec: { template: { spec: { initContainers } } } };
  const template = { ...spec.template, spec: { ...spec.template.spec, initContainers } };
  return { ...object, metadata: { ...metadata, annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(noted) } }, spec: { ...spec, template } };
}

/** Releases of the datastore migration. */
const V2 = 'v2.6.12';
const V3_1 = 'v3.1.7';

interface MigratingOptions {
  readonly ready?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly first?: PodOptions;
}

/** Both Pods have that release and run; those of v3 are not ready before the completion. */
function migrating(version: string, { ready = true, annotations, first = {} }: MigratingOptions = {}): readonly Json[] {
  const all = { version, container: { ready } };
  const rolled = { version, available: ready ? 2 : 0, ...(annotations && { annotations }) };
  return [daemonSet(rolled), ownPod('a', { ...all, ...first }), ownPod('b', all), controllers(version)].map(inMigration);
}

function inMigration(object: Json): Json {
  return { ...object, metadata: { ...object.metadata, namespace: MIGRATION } };
}

/** The API server wants available replicas to be ready ones. */
function controllers(version: string): Json {
  const made: Json = deployment('calico-kube-controllers', version);
  return { ...made, status: { ...made.status, readyReplicas: made.status.availableReplicas } };
}

export function ownPod(name: string, options: PodOptions): Json {
  const made: Json = pod(name, options);
  const owners = made.metadata.ownerReferences.map((owner: Json) => ({ apiVersion: 'apps/v1', controller: true, ...owner }));
  return { ...made, metadata: { ...made.metadata, ownerReferences: owners }, spec: { ...made.spec, automountServiceAccountToken: false } };
}

function endpoints(labels: Readonly<Record<string, string>> = {}): readonly Json[] {
  const team = { team: 'edge', ...labels };
  return [
    hostEndpoint({ name: 'one', node: 'node-a', labels: team }),
    hostEndpoint({ name: 'two', node: 'node-b', labels: team }),
    hostEndpoint({ name: 'named', node: 'node-b', interfaceName: 'eth0' }),
    automaticHostEndpoint('node-b'),
  ];
}

function temporaryPolicy(): Json {
  return newPolicy(TEMPORARY_POLICY, { [UPGRADE_ANNOTATION]: 'calico' }, TEMPORARY_SPEC, 'v1', storageRules(OLD));
}

function coveringPolicy(): Json {
  return { apiVersion: 'crd.projectcalico.org/v1', kind: 'GlobalNetworkPolicy', metadata: { name: 'default.edge' }, spec: { selector: "team == 'edge'", types: ['Ingress', 'Egress'], ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] } };
}

function configMap(name: string, data: Readonly<Record<string, object>>): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: HOOKS, labels: { 'app.kubernetes.io/managed-by': 'hookwave', 'hookwave.dev/upgrade': 'calico' } }, data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, JSON.stringify(value)])) };
}

export function record(plan: string, state: Run['state'], approved: readonly 'cleanup'[] = [], upgrade = 'calico'): Json {
  const content: RunRecord = { schema: 1, upgrade, history: [], steps: {}, takeOvers: 0, run: { plan, from: OLD, to: NEW, state, startedAt: '2026-01-01T00:00:00Z', startVersion: OLD } };
  return configMap(`hookwave-${upgrade}`, { 'record.json': content, 'approvals.json': approved.map((what) => ({ what, plan, by: 'a test', at: '2026-01-01T00:00:00Z' })) });
}

function undo(names: readonly string[]): Json {
  return configMap('hookwave-calico-endpoints', { 'undo.json': { schema: 1, endpoints: names, policy: true } });
}

function onceJob(name: string): Json {
  const labels = { 'hookwave.dev/upgrade': 'calico', 'hookwave.dev/once': 'true', 'hookwave.dev/plan': '00000000' };
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace: HOOKS, labels }, spec: { suspend: true, template } };
}

/** Without a node, so that no kubelet has to let it go. */
function calicoctl(): Json {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'calicoctl', namespace: 'kube-system' }, spec: { automountServiceAccountToken: false, nodeSelector: { nowhere: 'true' }, containers: [{ name: 'calicoctl', image: `docker.io/calico/ctl:${OLD}` }] } };
}

async function completeWhenLabelled(api: Api, signal: AbortSignal): Promise<void> {
  await until(signal, async () => Object.hasOwn((await api.send('GET', pathOf('HostEndpoint', 'late')))?.metadata.labels ?? {}, UPGRADE_ENDPOINT_LABEL));
  await play(api, 'Pod', 'b', { rest: { spec: { containers: [{ name: 'calico-node', image: daemonSet({ version: NEW }).spec.template.spec.containers[0]?.image }] } } });
  await play(api, 'DaemonSet', 'calico-node', { status: { updatedNumberScheduled: 2, numberAvailable: 2, numberUnavailable: 0 } });
}

async function labelOnceWatched(api: Api, signal: AbortSignal, isWatching: () => boolean): Promise<void> {
  await until(signal, async () => isWatching());
  await play(api, 'HostEndpoint', 'one', { rest: { metadata: { labels: { [UPGRADE_ENDPOINT_LABEL]: '' } } } });
}

/** What garbage collector and kubelets do. */
async function endPodsWithTheirOwner(api: Api, signal: AbortSignal): Promise<void> {
  const place = placeOf({ migration: 'migrated' });
  await until(signal, async () => !(await api.send('GET', pathOf('DaemonSet', 'calico-node', place))));
  for (const name of ['a', 'b']) await api.send('DELETE', `${pathOf('Pod', name, place)}?gracePeriodSeconds=0`);
}

async function readyWhenComplete(api: Api, signal: AbortSignal, _isWatching: () => boolean, datastore: Datastore): Promise<void> {
  const place = placeOf({ migration: 'migrated' });
  await until(signal, async () => (await datastore.state()).datastoreReady);
  for (const name of ['a', 'b']) await play(api, 'Pod', name, { status: pod(name).status ?? {} }, place);
  await play(api, 'DaemonSet', 'calico-node', { status: { numberAvailable: 2, numberUnavailable: 0 } }, place);
}

/** Rejects when the case is over. */
async function until(signal: AbortSignal, isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
