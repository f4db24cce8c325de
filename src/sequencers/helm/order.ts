/**
 * Kinds that Helm applies before every workload, in its order (helm v4.2, pkg/release/v1/util/kind_sorter.go): the only order inside a release.
 * What stands below wave 0 must be one of them.
 */
const BEFORE_WORKLOADS: readonly string[] = [
  'PriorityClass', 'Namespace', 'NetworkPolicy', 'ResourceQuota', 'LimitRange', 'PodSecurityPolicy', 'PodDisruptionBudget', 'ServiceAccount', 'Secret', 'SecretList',
  'ConfigMap', 'StorageClass', 'PersistentVolume', 'PersistentVolumeClaim', 'CustomResourceDefinition', 'ClusterRole', 'ClusterRoleList', 'ClusterRoleBinding',
  'ClusterRoleBindingList', 'Role', 'RoleList', 'RoleBinding', 'RoleBindingList',
];

export function comesBeforeWorkloads(kind: string): boolean {
  return BEFORE_WORKLOADS.includes(kind);
}

/** For the order in which objects are written. */
export function kindRank(kind: string): number {
  const rank = BEFORE_WORKLOADS.indexOf(kind);
  return rank < 0 ? BEFORE_WORKLOADS.length : rank;
}
