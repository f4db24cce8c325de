/** What the steps look at and change: put into the cluster before each case, and read after it. */
import { emptyRecord, type RunRecord } from '../../../src/plan/record.ts';
import type { Json } from '../../cluster/cluster.ts';
import type { Api } from './api.ts';

export const HOOKS = 'hookwave-calico';

/** Namespace of the datastore migration: of Calico, the hooks and the run record. */
export const MIGRATION = 'datastore-migration';

/** Through what Calico's objects are reached: the CRDs of its storage, an extension API server beside these, or CRDs of projectcalico.org. */
export type Served = 'storage' | 'aggregated' | 'native';

/** Where the objects of a case are. */
export interface Place {
  readonly served: Served;
  /** Namespace of Calico. */
  readonly calico: string;
  /** Namespace of the run record, the Lease and the Jobs. */
  readonly hooks: string;
}

export const UPGRADE_PLACE: Place = { served: 'storage', calico: 'kube-system', hooks: HOOKS };

type Collections = Readonly<Record<string, string>>;

/** Everything that a step may touch, and the Lease, by kind; kinds of projectcalico.org/v3 come with a `v3` before them. */
function collections({ served, calico, hooks }: Place): Collections {
  return { ...workloads(calico, hooks), ...(served !== 'native' && calicoKinds('', '/apis/crd.projectcalico.org/v1')), ...(served !== 'storage' && calicoKinds('v3 ', V3)) };
}

const V3 = '/apis/projectcalico.org/v3';

function calicoKinds(prefix: string, path: string): Collections {
  return Object.fromEntries(['HostEndpoint', 'GlobalNetworkPolicy', 'ClusterInformation'].map((kind) => [prefix + kind, `${path}/${kind === 'GlobalNetworkPolicy' ? 'globalnetworkpolicies' : `${kind.toLowerCase()}s`}`]));
}

const kindOf = ({ apiVersion, kind }: Json): string => (V3.endsWith(apiVersion) ? `v3 ${kind}` : kind);

function workloads(calico: string, hooks: string): Collections {
  return {
    DaemonSet: `/apis/apps/v1/namespaces/${calico}/daemonsets`,
    Deployment: `/apis/apps/v1/namespaces/${calico}/deployments`,
    Pod: `/api/v1/namespaces/${calico}/pods`,
    ConfigMap: `/api/v1/namespaces/${hooks}/configmaps`,
    Job: `/apis/batch/v1/namespaces/${hooks}/jobs`,
    Lease: `/apis/coordination.k8s.io/v1/namespaces/${hooks}/leases`,
  };
}

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
/** Definitions of the matrix's own group come and go; the others stay. */
const isOwnDefinition = (object: Json): boolean => object.metadata.name.endsWith('.matrix.hookwave.test');

/** The cluster holds exactly these objects, status included. */
export async function putState(api: Api, objects: readonly Json[], place: Place = UPGRADE_PLACE): Promise<void> {
  const all = collections(place);
  const clear = () => clearState(api, all);
  await clear();
  await untilGone(api, all, clear);
  const daemonSet = objects.find(({ kind }) => kind === 'DaemonSet');
  const uid = daemonSet && (await create(api, all, daemonSet)).metadata.uid;
  await Promise.all(objects.filter((object) => object !== daemonSet).map((object) => create(api, all, ownedBy(object, uid))));
}

async function clearState(api: Api, all: Collections): Promise<void> {
  const now = 'propagationPolicy=Background&gracePeriodSeconds=0';
  await Promise.all([
    ...Object.values(all).map((path) => api.send('DELETE', `${path}?${now}${path.endsWith('/configmaps') ? '&fieldSelector=metadata.name!=kube-root-ca.crt' : ''}`)),
    ...(await api.items(DEFINITIONS)).filter(isOwnDefinition).map(({ metadata }) => api.send('DELETE', `${DEFINITIONS}/${metadata.name}`)),
  ]);
}

const CLEAN_UP = { tries: 1200, everyMs: 50, againAfter: 200 };

/** What a killed runner had under way may still be written after the first clearing, so there are more. */
async function untilGone(api: Api, all: Collections, clear: () => Promise<void>): Promise<void> {
  let left: readonly Json[] = [];
  for (let tries = 1; tries <= CLEAN_UP.tries; tries++) {
    left = (await everything(api, all)).flatMap(([, objects]) => objects).filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt');
    if (left.length === 0) return;
    if (tries % CLEAN_UP.againAfter === 0) await clear();
    await new Promise((resolve) => setTimeout(resolve, CLEAN_UP.everyMs));
  }
  throw new Error(`objects of the last case do not go away: ${left.map(({ metadata }) => `${metadata.name} ${JSON.stringify(metadata.finalizers ?? [])} deleted ${metadata.deletionTimestamp ?? 'never'}`).join(', ')}`);
}

/** The objects of each kind. */
async function everything(api: Api, all: Collections): Promise<readonly (readonly [kind: string, objects: readonly Json[]])[]> {
  return Promise.all([
    ...Object.entries(all).map(async ([kind, path]) => [kind, await api.items(path)] as const),
    api.items(DEFINITIONS).then((definitions) => ['CustomResourceDefinition', definitions.filter(isOwnDefinition)] as const),
  ]);
}

/** Pods of the DaemonSet name its uid. */
function ownedBy(object: Json, uid: string | undefined): Json {
  const owners = object.metadata.ownerReferences as readonly Json[] | undefined;
  return owners && uid ? { ...object, metadata: { ...object.metadata, ownerReferences: owners.map((owner) => ({ ...owner, uid })) } } : object;
}

async function create(api: Api, all: Collections, object: Json): Promise<Json> {
  const { status, ...rest } = object;
  const path = all[kindOf(object)];
  if (path === undefined) throw new Error(`the matrix has no place for ${kindOf(object)}`);
  const made = await api.send('POST', path, rest);
  return status ? api.send('PATCH', `${path}/${object.metadata.name}/status`, { status }, 'application/merge-patch+json') : made;
}

/** Changes part of an object, with its status. The matrix's stand-in for controllers moves workloads with it. */
export async function play(api: Api, kind: string, name: string, change: { readonly status?: object; readonly rest?: object }, place: Place = UPGRADE_PLACE): Promise<void> {
  const path = pathOf(kind, name, place);
  if (change.rest) await api.send('PATCH', path, change.rest, 'application/merge-patch+json');
  if (change.status) await api.send('PATCH', `${path}/status`, { status: change.status }, 'application/merge-patch+json');
}

export const pathOf = (kind: string, name: string, place: Place = UPGRADE_PLACE): string => `${collections(place)[kind]}/${name}`;

export interface State {
  /** Every object without what differs between two equal runs: identities, versions, times, and the log. */
  readonly objects: Readonly<Record<string, string>>;
  readonly log: Log;
}

/** What tells of the Pods that have run. A Pod that finds all done has done nothing, notes nothing and takes no Lease, so this may differ between ways to one end; `matrix.test.ts` says how. */
export interface Log {
  /** The outcome of each step that the run record has. */
  readonly steps: Readonly<Record<string, string>>;
  readonly takeOvers: number;
  /** Whether somebody holds the Lease. */
  readonly isHeld: boolean;
}

export async function readState(api: Api, place: Place): Promise<State> {
  const lists = await everything(api, collections(place));
  const objects = lists
    .flatMap(([kind, found]) => found.map((object) => [`${kind} ${object.metadata.name}`, comparable(object)] as const))
    .filter(([name, text]) => name !== 'ConfigMap kube-root-ca.crt' && text !== NOTHING_RECORDED)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { objects: Object.fromEntries(objects), log: logOf(lists.flatMap(([, found]) => found)) };
}

function logOf(objects: readonly Json[]): Log {
  const stored = objects.find(({ data }) => data?.['record.json'])?.data['record.json'];
  const { steps, takeOvers }: RunRecord = stored ? JSON.parse(stored) : emptyRecord('');
  const outcomes = Object.entries(steps).map(([name, { outcome }]) => [name, outcome]);
  return { steps: Object.fromEntries(outcomes), takeOvers, isHeld: objects.some((object) => isLease(object) && Boolean(object.spec.holderIdentity)) };
}

/** A record without a run holds the log only. */
const NOTHING_RECORDED = 'nothing recorded';

function comparable(object: Json): string {
  if (object.data?.['record.json'] && !JSON.parse(object.data['record.json']).run) return NOTHING_RECORDED;
  const { name, labels, annotations, deletionTimestamp } = object.metadata;
  const { 'hookwave.dev/pod': _pod, 'deprecated.daemonset.template.generation': _generation, ...kept } = annotations ?? {};
  const { metadata: _metadata, status: _status, apiVersion: _version, kind: _kind, ...rest } = object;
  const content = isLease(object) ? {} : object.data ? { data: Object.fromEntries(Object.entries(object.data).map(readable)) } : rest;
  return JSON.stringify({ name, labels, annotations: kept, deletionTimestamp, ...content }, null, 1).replaceAll(TIME, 'T');
}

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

function isLease({ spec }: Json): boolean {
  return spec?.leaseDurationSeconds !== undefined;
}

function readable([key, text]: readonly [string, unknown]): readonly [string, unknown] {
  if (key !== 'record.json') return [key, text];
  const { steps: _steps, takeOvers: _takeOvers, ...record } = JSON.parse(String(text)) as Json;
  return [key, record];
}
