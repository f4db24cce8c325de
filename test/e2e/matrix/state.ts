/** What the steps look at and change: put into the cluster before each case, and read after it. */
import type { Json } from '../../cluster/cluster.ts';
import type { Api } from './api.ts';

export const HOOKS = 'hookwave-calico';
const CRD_V1 = '/apis/crd.projectcalico.org/v1';

/** Everything that a step may touch, and the Lease. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  DaemonSet: '/apis/apps/v1/namespaces/kube-system/daemonsets',
  Deployment: '/apis/apps/v1/namespaces/kube-system/deployments',
  Pod: '/api/v1/namespaces/kube-system/pods',
  ConfigMap: `/api/v1/namespaces/${HOOKS}/configmaps`,
  Job: `/apis/batch/v1/namespaces/${HOOKS}/jobs`,
  Lease: `/apis/coordination.k8s.io/v1/namespaces/${HOOKS}/leases`,
  HostEndpoint: `${CRD_V1}/hostendpoints`,
  GlobalNetworkPolicy: `${CRD_V1}/globalnetworkpolicies`,
  ClusterInformation: `${CRD_V1}/clusterinformations`,
};
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
/** Definitions of the matrix's own group come and go; the others stay. */
const isOwnDefinition = (object: Json): boolean => object.metadata.name.endsWith('.matrix.hookwave.test');

/** The cluster holds exactly these objects, status included. */
export async function putState(api: Api, objects: readonly Json[]): Promise<void> {
  const now = 'propagationPolicy=Background&gracePeriodSeconds=0';
  await Promise.all([
    ...Object.values(COLLECTIONS).map((path) => api.send('DELETE', `${path}?${now}${path.endsWith('/configmaps') ? '&fieldSelector=metadata.name!=kube-root-ca.crt' : ''}`)),
    ...(await api.items(DEFINITIONS)).filter(isOwnDefinition).map(({ metadata }) => api.send('DELETE', `${DEFINITIONS}/${metadata.name}`)),
  ]);
  await untilGone(api);
  const daemonSet = objects.find(({ kind }) => kind === 'DaemonSet');
  const uid = daemonSet && (await create(api, daemonSet)).metadata.uid;
  await Promise.all(objects.filter((object) => object !== daemonSet).map((object) => create(api, ownedBy(object, uid))));
}

async function untilGone(api: Api): Promise<void> {
  let left: readonly Json[] = [];
  for (let tries = 0; tries < 600; tries++) {
    const lists = await Promise.all([...Object.values(COLLECTIONS).map(api.items), api.items(DEFINITIONS).then((all) => all.filter(isOwnDefinition))]);
    left = lists.flat().filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt');
    if (left.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`objects of the last case do not go away: ${left.map(({ metadata }) => `${metadata.name} ${metadata.finalizers ?? ''}`).join(', ')}`);
}

/** Pods of the DaemonSet name its uid. */
function ownedBy(object: Json, uid: string | undefined): Json {
  const owners = object.metadata.ownerReferences as readonly Json[] | undefined;
  return owners && uid ? { ...object, metadata: { ...object.metadata, ownerReferences: owners.map((owner) => ({ ...owner, uid })) } } : object;
}

async function create(api: Api, object: Json): Promise<Json> {
  const { status, ...rest } = object;
  const path = COLLECTIONS[object.kind];
  if (path === undefined) throw new Error(`the matrix has no place for ${object.kind}`);
  const made = await api.send('POST', path, rest);
  return status ? api.send('PATCH', `${path}/${object.metadata.name}/status`, { status }, 'application/merge-patch+json') : made;
}

/** Changes part of an object, with its status. The matrix's stand-in for controllers moves workloads with it. */
export async function play(api: Api, kind: string, name: string, change: { readonly status?: object; readonly rest?: object }): Promise<void> {
  const path = `${COLLECTIONS[kind]}/${name}`;
  if (change.rest) await api.send('PATCH', path, change.rest, 'application/merge-patch+json');
  if (change.status) await api.send('PATCH', `${path}/status`, { status: change.status }, 'application/merge-patch+json');
}

export const pathOf = (kind: string, name: string): string => `${COLLECTIONS[kind]}/${name}`;

/** Entry of the end state. */
export const LEASE_HOLDER = 'holder of the Lease';

/**
 * The end state: every object without what differs between two equal runs (identities, versions, times, who holds the Lease and how often it
 * changed hands). Of the run record the log of steps is left out: it tells what Pods did, and a Pod that finds all done has done nothing.
 */
export async function readState(api: Api): Promise<Readonly<Record<string, string>>> {
  const lists = await Promise.all([...Object.values(COLLECTIONS).map(api.items), api.items(DEFINITIONS).then((all) => all.filter(isOwnDefinition))]);
  const kinds = [...Object.keys(COLLECTIONS), 'CustomResourceDefinition'];
  const [lease] = await api.items(COLLECTIONS['Lease'] ?? '');
  const holder = [LEASE_HOLDER, lease?.spec.holderIdentity ? 'somebody' : 'nobody'] as const;
  return Object.fromEntries([
    holder,
    ...lists
      .flatMap((list, index) => list.map((object) => [`${kinds[index]} ${object.metadata.name}`, comparable(object)] as const))
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
