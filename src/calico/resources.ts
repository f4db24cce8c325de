/** Calico's kinds in its two API groups: the user's API and the storage behind it (libcalico-go, lib/backend/k8s/resources). */
import type { Resource } from '../kube/cluster.ts';

/** `v3`: projectcalico.org/v3, an aggregated API or CRDs. `v1`: crd.projectcalico.org/v1, the storage of manifest installs. */
export type CalicoGroup = 'v3' | 'v1';

export const V3_GROUP = 'projectcalico.org';
export const V1_GROUP = 'crd.projectcalico.org';

const KINDS = {
  hostEndpoints: ['hostendpoints', 'HostEndpoint', false],
  globalNetworkPolicies: ['globalnetworkpolicies', 'GlobalNetworkPolicy', false],
  networkPolicies: ['networkpolicies', 'NetworkPolicy', true],
  tiers: ['tiers', 'Tier', false],
  clusterInformations: ['clusterinformations', 'ClusterInformation', false],
  felixConfigurations: ['felixconfigurations', 'FelixConfiguration', false],
  kubeControllersConfigurations: ['kubecontrollersconfigurations', 'KubeControllersConfiguration', false],
} as const;

export type CalicoKind = keyof typeof KINDS;

/** The resource of a kind in one of the groups. */
export function calicoResource(kind: CalicoKind, group: CalicoGroup): Resource {
  const [plural, name, namespaced] = KINDS[kind];
  const served = group === 'v3' ? { group: V3_GROUP, version: 'v3' } : { group: V1_GROUP, version: 'v1' };
  return { ...served, plural, kind: name, namespaced };
}
