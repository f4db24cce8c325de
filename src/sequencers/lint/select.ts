import { at } from '../manifests/json.ts';
import { isJob, mentions, type Manifest } from '../manifests/manifest.ts';
import type { ManifestSet } from './model.ts';

/** Jobs that run as hooks of whichever tool is looked at. */
export function hookJobs({ anyHooks }: ManifestSet): readonly Manifest[] {
  return anyHooks.filter(isJob);
}

/** Sync hooks of Argo CD that are Jobs. */
export function syncHookJobs({ hooks, forArgo }: ManifestSet): readonly Manifest[] {
  return forArgo ? hooks.filter(isJob) : [];
}

/** Jobs that are an ordinary part of the application. */
export function trackedJobs({ tracked }: ManifestSet): readonly Manifest[] {
  return tracked.filter((one) => isJob(one) && !one.helm.isHook);
}

/** Workloads whose Pods are replaced only as somebody deletes them. */
export function isOnDelete(workload: Manifest): boolean {
  return mentions(workload, 'OnDelete') && at(workload.object, 'spec', 'updateStrategy', 'type') === 'OnDelete';
}

/** A finite number at a path. */
export function numberAt({ object }: Manifest, ...path: readonly string[]): number | undefined {
  const value = at(object, ...path);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
