/** What the steps look at and change: put into the cluster before each case, and read after it. */
import type { Json } from '../../cluster/cluster.ts';
import type { Api } from './api.ts';

export const HOOKS = 'hookwave-calico';

/** Through what Calico's objects are reached: the CRDs of its storage, an extension API server beside these, or CRDs of projectcalico.org. */
export type Served = 'storage' | 'aggregated' | 'native';

type Collections = Readonly<Record<string, string>>;

/** Everything that a step may touch, and the Lease, by kind; kinds of projectcalico.org/v3 come with a `v3` before them. */
function collections(served: Served): Collections {
  return { ...WORKLOADS, ...(served !== 'native' && calicoKinds('', '/apis/crd.projectcalico.org/v1')), ...(served !== 'storage' && calicoKinds('v3 ', V3)) };
}

const V3 = '/apis/projectcalico.org/v3';

function calicoKinds(prefix: string, path: string): Collections {
  return Object.fromEntries(['HostEndpoint', 'GlobalNetworkPolicy', 'ClusterInformation'].map((kind) => [prefix + kind, `${path}/${kind === 'GlobalNetworkPolicy' ? 'globalnetworkpolicies' : `${kind.toLowerCase()}s`}`]));
}

const kindOf = ({ apiVersion, kind }: Json): string => (V3.endsWith(apiVersion) ? `v3 ${kind}` : kind);

const WORKLOADS: Collections = {
  DaemonSet: '/apis/apps/v1/namespaces/kube-system/daemonsets',
  Deployment: '/apis/apps/v1/namespaces/kube-system/deployments',
  Pod: '/api/v1/namespaces/kube-system/pods',
  ConfigMap: `/api/v1/namespaces/${HOOKS}/configmaps`,
  Job: `/apis/batch/v1/namespaces/${HOOKS}/jobs`,
  Lease: `/apis/coordination.k8s.io/v1/namespaces/${HOOKS}/leases`,
};
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
/** Definitions of the matrix's own group come and go; the others stay. */
const isOwnDefinition = (object: Json): boolean => object.metadata.name.endsWith('.matrix.hookwave.test');

/** The cluster holds exactly these objects, status included. */
export async function putState(api: Api, objects: readonly Json[], served: Served = 'storage'): Promise<void> {
  const all = collections(served);
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
export async function play(api: Api, kind: string, name: string, change: { readonly status?: object; readonly rest?: object }): Promise<void> {
  const path = pathOf(kind, name);
  if (change.rest) await api.send('PATCH', path, change.rest, 'application/merge-patch+json');
  if (change.status) await api.send('PATCH', `${path}/status`, { status: change.status }, 'application/merge-patch+json');
}

export const pathOf = (kind: string, name: string): string => `${collections('aggregated')[kind]}/${name}`;

/** Entry of the end state. */
export const LEASE_HOLDER = 'holder of the Lease';

/**
 * The end state: every object without what differs between two equal runs (identities, versions, times, who holds the Lease and how often it
 * changed hands). Of the run record the log of steps is left out: it tells what Pods did, and a Pod that finds all done has done nothing.
 */
export async function readState(api: Api, served: Served): Promise<Readonly<Record<string, string>>> {
  const lists = await everything(api, collections(served));
  const lease = lists.find(([kind]) => kind === 'Lease')?.[1][0];
  const holder = [LEASE_HOLDER, lease?.spec.holderIdentity ? 'somebody' : 'nobody'] as const;
  return Object.fromEntries([
    holder,
    ...lists
      .flatMap(([kind, objects]) => objects.map((object) => [`${kind} ${object.metadata.name}`, comparable(object)] as const))
      .filter(([name, text]) => name !== 'ConfigMap kube-root-ca.crt' && text !== NOTHING_RECORDED)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}

/** A record without a run holds the log of steps only. */
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
