import type { Manifest } from './manifest.ts';

const CLUSTER_SCOPED = new Set([
  'Namespace', 'Node', 'PersistentVolume', 'ClusterRole', 'ClusterRoleBinding', 'CustomResourceDefinition', 'StorageClass', 'PriorityClass', 'APIService', 'IngressClass',
  'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'RuntimeClass', 'CSIDriver', 'VolumeAttachment', 'PodSecurityPolicy',
]);

/** Of the kinds that Kubernetes has built in; the scope of others is not known here. */
export function isClusterScoped(kind: string): boolean {
  return CLUSTER_SCOPED.has(kind);
}

/** Who an object is: two objects with one identity are one. The version is no part of it. */
export function identityOf({ group, kind, namespace, name }: Pick<Manifest, 'group' | 'kind' | 'namespace' | 'name'>, destination = ''): string {
  return `${group}|${kind}|${isClusterScoped(kind) ? '' : namespace || destination}|${name}`;
}
