import type { KubeObject, Resource } from '../../kube/cluster.ts';
import { TRACKING_ID } from './annotations.ts';

export const APPLICATIONS: Resource = { group: 'argoproj.io', version: 'v1alpha1', plural: 'applications', kind: 'Application', namespaced: true };

export interface Application extends KubeObject {
  readonly operation?: unknown;
  readonly spec: { readonly syncPolicy?: { readonly retry?: unknown; readonly syncOptions?: readonly string[] } };
}

/** Name of the Application that tracks an object, and its namespace where the annotation says it; `undefined` when Argo CD does not track it by annotation. */
export function applicationOf(object: KubeObject): { readonly name: string; readonly namespace?: string } | undefined {
  const [owner] = object.metadata.annotations?.[TRACKING_ID]?.split(':') ?? [];
  if (!owner) return undefined;
  const [first = '', ...rest] = owner.split('_');
  return rest.length === 0 ? { name: first } : { namespace: first, name: rest.join('_') };
}

/**
 * A merge patch that starts a full sync, hooks included, with the Application's own retry and options. The last operation's state is cleared:
 * else a sync after a failed one ends at once with the old results (argo-cd v3.2).
 */
export function syncPatch({ spec }: Application): object {
  const { retry, syncOptions = [] } = spec.syncPolicy ?? {};
  return {
    status: { operationState: null },
    operation: { initiatedBy: { username: 'hookwave' }, ...(retry ? { retry } : {}), sync: { syncOptions, syncStrategy: { hook: {} } } },
  };
}

/** What a person does to start the next sync. */
export function syncHint(name: string): string {
  return `argocd app sync ${name}`;
}
