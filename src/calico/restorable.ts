import type { KubeObject } from '../kube/cluster.ts';

/** The object without what the API server fills in, as `kubectl apply` takes it. */
export function restorable<T extends KubeObject>(object: T): T {
  const { name, namespace, labels, annotations } = object.metadata;
  return { ...object, metadata: { name, ...(namespace !== undefined && { namespace }), ...(labels && { labels }), ...(annotations && { annotations }) } };
}
