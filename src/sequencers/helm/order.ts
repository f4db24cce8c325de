/** Order of kinds inside a release (helm v3.21, pkg/releaseutil/kind_sorter.go `InstallOrder`). */
const KINDS: readonly string[] = [
  'PriorityClass', 'Namespace', 'NetworkPolicy', 'ResourceQuota', 'LimitRange', 'PodSecurityPolicy', 'PodDisruptionBudget', 'ServiceAccount', 'Secret', 'SecretList',
  'ConfigMap', 'StorageClass', 'PersistentVolume', 'PersistentVolumeClaim', 'CustomResourceDefinition', 'ClusterRole', 'ClusterRoleList', 'ClusterRoleBinding',
  'ClusterRoleBindingList', 'Role', 'RoleList', 'RoleBinding', 'RoleBindingList', 'Service', 'DaemonSet', 'Pod', 'ReplicationController', 'ReplicaSet', 'Deployment',
  'HorizontalPodAutoscaler', 'StatefulSet', 'Job', 'CronJob', 'IngressClass', 'Ingress', 'APIService',
];

/** Helm 4 knows two more (helm v4.2, pkg/release/v1/util/kind_sorter.go). */
const KINDS_OF_4: readonly string[] = [...KINDS, 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

export type HelmMajor = 3 | 4;

/** Unknown kinds come last, by their names. */
export function compareKinds(a: string, b: string, major: HelmMajor): number {
  const kinds = major === 3 ? KINDS : KINDS_OF_4;
  const [first, second] = [kinds.indexOf(a), kinds.indexOf(b)];
  if (first < 0 && second < 0) return a === b ? 0 : a < b ? -1 : 1;
  return first < 0 ? 1 : second < 0 ? -1 : first - second;
}

/** Kinds that Helm applies before every workload: the only order inside a release. What stands below wave 0 must be one of them. */
const BEFORE_WORKLOADS: readonly string[] = KINDS.slice(0, KINDS.indexOf('Service'));

export function comesBeforeWorkloads(kind: string): boolean {
  return BEFORE_WORKLOADS.includes(kind);
}

/** For the order in which objects are written. */
export function kindRank(kind: string): number {
  const rank = BEFORE_WORKLOADS.indexOf(kind);
  return rank < 0 ? BEFORE_WORKLOADS.length : rank;
}
