/** The v1 data of a Kubernetes datastore as entries of an etcd one, so that the same converters read both (libcalico-go `lib/upgrade/migrator/clients/v1/k8s`). */
import { convertWhole } from './convert-whole.ts';
import type { Outcome, V1Entry } from './model.ts';
import { ipName } from './names.ts';
import { parseIp, type Ip } from './net.ts';
import { v1Path } from './v1/keys.ts';

/** A `GlobalFelixConfig` or `GlobalBGPConfig` of group `crd.projectcalico.org`, version v1: one setting each. */
export interface SettingResource {
  readonly spec: { readonly name: string; readonly value: string };
}

export interface KubernetesNode {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

export interface KubernetesV1 {
  readonly felix: readonly SettingResource[];
  readonly bgp: readonly SettingResource[];
  readonly nodes: readonly KubernetesNode[];
}

/** Converts the v1 data of a Kubernetes datastore. All other objects there are in the v3 form already, or were never supported. */
export function* convertKubernetes(v1: KubernetesV1): Generator<Outcome> {
  const peers = v1.nodes.flatMap(nodePeers);
  yield* peers.filter((one) => 'is' in one);
  yield* convertWhole([...settingEntries(v1), ...peers.filter((one) => 'path' in one)], { datastore: 'kubernetes' });
}

const PEER_ANNOTATION = 'peer.bgp.projectcalico.org/';

/** The annotation that keeps a node's peer: dashes for dots and colons, IPv6 in full. */
export function peerAnnotation(ip: Ip): string {
  return PEER_ANNOTATION + ipName(ip);
}

/** Reads back what `peerAnnotation` writes, and `abcd-2000--30-40` too: more than three dashes, or two in a row, mean IPv6. */
export function peerAddress(annotation: string): Ip | undefined {
  const name = annotation.slice(PEER_ANNOTATION.length);
  const isV6 = name.includes('--') || name.split('-').length > 4;
  return parseIp(name.replaceAll('-', isV6 ? ':' : '.'));
}

function nodePeers({ metadata: { name: host, annotations = {} } }: KubernetesNode): readonly (V1Entry | Outcome)[] {
  return Object.entries(annotations)
    .filter(([key]) => key.startsWith(PEER_ANNOTATION))
    .map(([key, value]) => {
      const ip = peerAddress(key);
      return ip ? { path: v1Path({ is: 'node peer', host, ip }), value } : { is: 'conversion error', v1: `BGPPeer(node=${host}, annotation=${key})`, cause: 'the name of the annotation ends in no IP address' };
    });
}

/** The names of BGP settings in Kubernetes, and in etcd. */
const BGP_NAMES: Readonly<Record<string, string>> = { AsNumber: 'as_num', LogLevel: 'loglevel', NodeMeshEnabled: 'node_mesh' };

function settingEntries({ felix, bgp }: KubernetesV1): readonly V1Entry[] {
  return [
    ...felix.map(({ spec: { name, value } }) => ({ path: v1Path({ is: 'global config', name }), value })),
    ...bgp.map(({ spec: { name, value } }) => ({ path: v1Path({ is: 'bgp config', name: BGP_NAMES[name] ?? name }), value: name === 'NodeMeshEnabled' ? mesh(value) : value })),
  ];
}

/** etcd keeps an object where Kubernetes keeps `true` or `false`. An empty value is no setting. */
function mesh(value: string): string {
  return value === '' ? '' : JSON.stringify({ enabled: value.toLowerCase() === 'true' });
}
