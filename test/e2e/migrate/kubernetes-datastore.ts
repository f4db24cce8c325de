/** A Kubernetes datastore of Calico v2.6 on a real API server: the kinds, believable data, and how they look in v3. */
import { parseAllDocuments } from 'yaml';
import { upstreamCalico } from '../../cluster/calico.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import type { Api } from '../matrix/api.ts';

const GROUP = 'crd.projectcalico.org';
const V1_KINDS = { GlobalFelixConfig: 'globalfelixconfigs', GlobalBGPConfig: 'globalbgpconfigs' } as const;
const V3_PLURALS = ['felixconfigurations', 'clusterinformations', 'bgpconfigurations', 'bgppeers'] as const;
export const RECORD_PATH = '/api/v1/namespaces/kube-system/configmaps/hookwave-calico-migration';

/** v3's kinds are upstream's own definitions, with their schemas; those of v2.6 don't install on a current API server, so they are played. */
export async function installKinds(cluster: Cluster): Promise<void> {
  const upstream = parseAllDocuments(upstreamCalico('v3.24.6')).map((document) => document.toJS() as Json).filter((one) => one?.kind === 'CustomResourceDefinition');
  const played = Object.entries(V1_KINDS).map(([kind, plural]) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: { group: GROUP, scope: 'Cluster', names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }] },
  }));
  await cluster.apply([...upstream, ...played]);
  await cluster.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
}

export function setting(kind: keyof typeof V1_KINDS, name: string, value: unknown): Json {
  return { apiVersion: `${GROUP}/v1`, kind, metadata: { name: name.toLowerCase() }, spec: { name, value } };
}

const peer = (ip: string, asNumber: number): string => JSON.stringify({ ip, as_num: String(asNumber) });

/** What v2.6 holds, and v3 reads elsewhere. */
const V1: readonly Json[] = [
  setting('GlobalFelixConfig', 'CalicoVersion', 'v2.6.12'),
  setting('GlobalFelixConfig', 'ClusterGUID', 'c7d2e8a4b1f04d2c9e3a6b5f8d7c1e20'),
  setting('GlobalFelixConfig', 'ClusterType', 'k8s,bgp,KDD'),
  setting('GlobalFelixConfig', 'LogSeverityScreen', 'warning'),
  setting('GlobalFelixConfig', 'ReportingIntervalSecs', '0'),
  setting('GlobalBGPConfig', 'AsNumber', '64512'),
  setting('GlobalBGPConfig', 'NodeMeshEnabled', 'false'),
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'one', annotations: { 'peer.bgp.projectcalico.org/10-0-0-1': peer('10.0.0.1', 64513), 'peer.bgp.projectcalico.org/fd00-0000-0000-0000-0000-0000-0000-0001': peer('fd00::1', 64513) } } },
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'two', annotations: { 'peer.bgp.projectcalico.org/10-0-0-1': peer('10.0.0.1', 64514) } } },
];

/** What v2.6 holds in the form of v3 already. */
const LEFT_ALONE: readonly Json[] = [
  { apiVersion: `${GROUP}/v1`, kind: 'BGPPeer', metadata: { name: '10-0-255-1' }, spec: { peerIP: '10.0.255.1', asNumber: 64600 } },
  { apiVersion: `${GROUP}/v1`, kind: 'IPPool', metadata: { name: '192-168-0-0-16' }, spec: { cidr: '192.168.0.0/16', ipipMode: 'Always', natOutgoing: true } },
];

/** `Kind/name` to spec, as v3 has to have it. */
export const EXPECTED: Readonly<Record<string, object>> = {
  'FelixConfiguration/default': { logSeverityScreen: 'Warning', reportingInterval: '0s' },
  'ClusterInformation/default': { calicoVersion: 'v3.0.0', clusterGUID: 'c7d2e8a4b1f04d2c9e3a6b5f8d7c1e20', clusterType: 'k8s,bgp,KDD', datastoreReady: true },
  'BGPConfiguration/default': { asNumber: 64512, nodeToNodeMeshEnabled: false },
  'BGPPeer/one.10-0-0-1': { node: 'one', peerIP: '10.0.0.1', asNumber: 64513 },
  'BGPPeer/one.fd00-0000-0000-0000-0000-0000-0000-0001': { node: 'one', peerIP: 'fd00::1', asNumber: 64513 },
  'BGPPeer/two.10-0-0-1': { node: 'two', peerIP: '10.0.0.1', asNumber: 64514 },
};
export const UNTOUCHED: Readonly<Record<string, object>> = { 'BGPPeer/10-0-255-1': { peerIP: '10.0.255.1', asNumber: 64600 } };

/** Nothing but the data of v2.6, whatever a migration or a test has left. */
export async function fillV1(api: Api): Promise<void> {
  await forget(api);
  await Promise.all([...V1, ...LEFT_ALONE].map((object) => put(api, object)));
}

/** Makes the object what is given, as far as it is given. */
export async function put(api: Api, object: Json): Promise<void> {
  await api.send('PATCH', `${pathOf(object)}/${object.metadata.name}?fieldManager=calico-v2&force=true`, object, 'application/apply-patch+yaml');
}

function pathOf({ kind }: Json): string {
  if (kind === 'Node') return '/api/v1/nodes';
  return `/apis/${GROUP}/v1/${kind.toLowerCase()}s`;
}

/** All of v3, all settings of v1 and the record. */
export async function forget(api: Api): Promise<void> {
  await Promise.all([...V3_PLURALS, ...Object.values(V1_KINDS)].map((plural) => api.send('DELETE', `/apis/${GROUP}/v1/${plural}`)));
  await api.send('DELETE', RECORD_PATH);
}

async function written(api: Api): Promise<readonly Json[]> {
  return (await Promise.all(V3_PLURALS.map((plural) => api.items(`/apis/${GROUP}/v1/${plural}`)))).flat();
}

/** `Kind/name` to spec of what is there. */
export async function v3Objects(api: Api): Promise<Readonly<Record<string, object>>> {
  return Object.fromEntries((await written(api)).map(({ kind, metadata, spec }) => [`${kind}/${metadata.name}`, spec]));
}

/** How often each object was written. */
export async function generations(api: Api): Promise<readonly number[]> {
  return (await written(api)).map(({ metadata }) => metadata.generation);
}

/** Version of every object, to see whether something was written. */
export async function versions(api: Api): Promise<readonly string[]> {
  const record: Json = await api.send('GET', RECORD_PATH);
  return [...(await written(api)), ...(record ? [record] : [])].map(({ kind, metadata }) => `${kind}/${metadata.name}@${metadata.resourceVersion}`);
}
