/** A Kubernetes datastore of Calico v2.6 on a real API server: the kinds, believable data, and how they look in v3. */
import { parseAllDocuments } from 'yaml';
import { upstreamCalico } from '../../cluster/calico.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';

const GROUP = 'crd.projectcalico.org';
const V1_KINDS = { GlobalFelixConfig: 'globalfelixconfigs', GlobalBGPConfig: 'globalbgpconfigs' } as const;
export const V3_PLURALS = ['felixconfigurations', 'clusterinformations', 'bgpconfigurations', 'bgppeers'] as const;
export const RECORD = ['configmap', 'hookwave-calico-migration', 'kube-system'] as const;

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
export const LEFT_ALONE: readonly Json[] = [
  { apiVersion: `${GROUP}/v1`, kind: 'BGPPeer', metadata: { name: '10-0-255-1' }, spec: { peerIP: '10.0.255.1', asNumber: 64600 } },
  { apiVersion: `${GROUP}/v1`, kind: 'IPPool', metadata: { name: '192-168-0-0-16' }, spec: { cidr: '192.168.0.0/16', ipipMode: 'Always', natOutgoing: true } },
];

/** `Kind/name` to spec, as v3 has to have it. */
export const EXPECTED: Readonly<Record<string, object>> = {
  'FelixConfiguration/default': { logSeverityScreen: 'Warning', reportingInterval: '0s' },
  'ClusterInformation/default': { calicoVersion: 'v2.6.12', clusterGUID: 'c7d2e8a4b1f04d2c9e3a6b5f8d7c1e20', clusterType: 'k8s,bgp,KDD', datastoreReady: true },
  'BGPConfiguration/default': { asNumber: 64512, nodeToNodeMeshEnabled: false },
  'BGPPeer/one.10-0-0-1': { node: 'one', peerIP: '10.0.0.1', asNumber: 64513 },
  'BGPPeer/one.fd00-0000-0000-0000-0000-0000-0000-0001': { node: 'one', peerIP: 'fd00::1', asNumber: 64513 },
  'BGPPeer/two.10-0-0-1': { node: 'two', peerIP: '10.0.0.1', asNumber: 64514 },
};
export const UNTOUCHED: Readonly<Record<string, object>> = { 'BGPPeer/10-0-255-1': { peerIP: '10.0.255.1', asNumber: 64600 } };

/** Only what a migration or a test may have left, then the data of v2.6. */
export async function fillV1(cluster: Cluster): Promise<void> {
  await forget(cluster);
  await cluster.apply([...V1, ...LEFT_ALONE], { fieldManager: 'calico-v2' });
}

/** All of v3, all settings of v1 and the record. */
export async function forget(cluster: Cluster): Promise<void> {
  const kinds = [...V3_PLURALS, ...Object.values(V1_KINDS)].map((plural) => `${plural}.${GROUP}`);
  await cluster.kubectl(['delete', kinds.join(','), '--all', '--wait=false']);
  await cluster.kubectl(['delete', 'configmap', RECORD[1], '-n', RECORD[2], '--ignore-not-found']);
}

/** `Kind/name` to spec of what is there. */
export async function v3Objects(cluster: Cluster): Promise<Readonly<Record<string, object>>> {
  const objects: readonly Json[] = await cluster.get(V3_PLURALS.map((plural) => `${plural}.${GROUP}`).join(','));
  return Object.fromEntries(objects.map(({ kind, metadata, spec }) => [`${kind}/${metadata.name}`, spec]));
}

/** Version of every object, to see whether something was written. */
export async function versions(cluster: Cluster): Promise<readonly string[]> {
  const objects: readonly Json[] = await cluster.get(V3_PLURALS.map((plural) => `${plural}.${GROUP}`).join(','));
  const record: Json = await cluster.get(...RECORD);
  return [...objects, ...(record ? [record] : [])].map(({ kind, metadata }) => `${kind}/${metadata.name}@${metadata.resourceVersion}`);
}
