import type { V3Kind, V3Object, V3Resource } from './model.ts';

/** What is new in each write of an object, so that two runs differ here and nowhere else. */
export interface Stamp {
  /** UUID. */
  readonly uid: string;
  /** RFC 3339, whole seconds, UTC: `2024-05-01T10:00:00Z`. */
  readonly creationTimestamp: string;
}

export interface Stored {
  readonly key: string;
  /** JSON, fields in the order in which upstream's Go types write them. */
  readonly value: string;
}

/** Key and value in etcd v3. IPAM data take no stamp. */
export function storedObject(object: V3Object, stamp: Stamp): Stored {
  if (object.is === 'ipam') return { key: object.path, value: JSON.stringify(object.value) };
  return { key: storageKey(object.resource), value: JSON.stringify(stamped(object.resource, stamp)) };
}

/** The key in etcd v3 that an object is stored at; known without a stamp. */
export function storageKeyOf(object: V3Object): string {
  return object.is === 'ipam' ? object.path : storageKey(object.resource);
}

const PLURALS: Readonly<Record<V3Kind, string>> = {
  FelixConfiguration: 'felixconfigurations',
  ClusterInformation: 'clusterinformations',
  BGPConfiguration: 'bgpconfigurations',
  Node: 'nodes',
  BGPPeer: 'bgppeers',
  HostEndpoint: 'hostendpoints',
  IPPool: 'ippools',
  GlobalNetworkPolicy: 'globalnetworkpolicies',
  Profile: 'profiles',
  WorkloadEndpoint: 'workloadendpoints',
};

function storageKey(resource: V3Resource): string {
  const { namespace } = resource.metadata;
  return `/calico/resources/v3/projectcalico.org/${PLURALS[resource.kind]}/${namespace === undefined ? '' : `${namespace}/`}${storageName(resource)}`;
}

/** Policies of the default tier carry its name in storage. (Upstream spares names that begin with `knp.`; a converted policy's name has no dots.) */
function storageName({ kind, metadata: { name } }: V3Resource): string {
  return kind === 'GlobalNetworkPolicy' ? `default.${name}` : name;
}

function stamped(resource: V3Resource, stamp: Stamp): object {
  const { kind, apiVersion, metadata, spec } = resource;
  const { namespace, labels, annotations } = metadata;
  const stampedMetadata = { name: storageName(resource), ...(namespace !== undefined && { namespace }), ...stamp, ...(labels && { labels }), ...(annotations && { annotations }) };
  return { kind, apiVersion, metadata: stampedMetadata, spec };
}

/** The custom resource that stands for an object in a Kubernetes datastore (libcalico-go, lib/backend/k8s/resources): its name is the storage name, and the stamp lives in an annotation. */
export function customResource({ resource }: Extract<V3Object, { is: 'resource' }>, stamp: Stamp): object {
  const { labels, annotations } = resource.metadata;
  const metadata = { name: storageName(resource), ...(labels && { labels }), annotations: { ...annotations, 'projectcalico.org/metadata': JSON.stringify(stamp) } };
  return { apiVersion: 'crd.projectcalico.org/v1', kind: resource.kind, metadata, spec: resource.spec };
}

/** Plural of a kind, in etcd keys and in URLs of the Kubernetes API (group `crd.projectcalico.org`). */
export function pluralOf(kind: V3Kind): string {
  return PLURALS[kind];
}
