import type { KubeObject } from '../kube/cluster.ts';

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

/** What `kubectl apply` noted on the object, without later edits; `undefined` when it noted nothing readable. */
export function lastApplied(object: KubeObject): KubeObject | undefined {
  try {
    const noted: unknown = JSON.parse(object.metadata.annotations?.[ANNOTATION] ?? 'null');
    return isKubeObject(noted) ? noted : undefined;
  } catch {
    return undefined;
  }
}

function isKubeObject(value: unknown): value is KubeObject {
  const { kind, metadata } = (value ?? {}) as Partial<KubeObject>;
  return typeof kind === 'string' && typeof metadata?.name === 'string';
}
