import type { ApiGroup, Cluster, KubeObject, Resource } from '../kube/cluster.ts';

export interface ClusterInformation extends KubeObject {
  readonly spec?: { readonly calicoVersion?: string; readonly clusterType?: string; readonly datastoreReady?: boolean };
}

/** In the order in which they are asked: the storage group first, as an aggregated API may be down. */
export const CLUSTER_INFORMATIONS: readonly Resource[] = [
  { group: 'crd.projectcalico.org', version: 'v1', plural: 'clusterinformations', kind: 'ClusterInformation', namespaced: false },
  { group: 'projectcalico.org', version: 'v3', plural: 'clusterinformations', kind: 'ClusterInformation', namespaced: false },
];

/** ClusterInformation `default`, from the first Calico group that is served and has it. */
export async function readClusterInformation(cluster: Cluster, groups: readonly ApiGroup[]): Promise<ClusterInformation | undefined> {
  for (const resource of CLUSTER_INFORMATIONS.filter((candidate) => isServed(groups, candidate))) {
    const found = await cluster.get<ClusterInformation>(resource, 'default');
    if (found) return found;
  }
  return undefined;
}

/** Whether one of the Calico API groups is served; without any, Calico keeps its data in etcd or is absent. */
export function hasCalicoApi(groups: readonly ApiGroup[]): boolean {
  return CLUSTER_INFORMATIONS.some((resource) => isServed(groups, resource));
}

function isServed(groups: readonly ApiGroup[], resource: Resource): boolean {
  return groups.some((group) => group.name === resource.group);
}
