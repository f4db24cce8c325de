import type { Manifest } from '../manifests/manifest.ts';
import type { DeletePolicy } from '../manifests/reading.ts';
import type { Group, Judge, Moment } from '../prediction.ts';
import type { HelmMajor } from './order.ts';
import type { HelmMoment } from './predict.ts';

export interface HookRun {
  readonly moments: readonly Moment<HelmMoment>[];
  /** Why Helm ends here. */
  readonly failed?: string;
}

interface Cluster {
  readonly major: HelmMajor;
  readonly live: Map<string, Manifest>;
  idOf(object: Manifest): string;
  readonly failing: Judge;
}

/**
 * The hooks of one event, one after the other: by weight, then name; the kind counts only where both are equal (execHook in hooks.go). A hook that names the event
 * twice runs twice.
 * @param hooks sorted by kind
 */
export function runHooks(event: string, hooks: readonly Manifest[], cluster: Cluster): HookRun {
  const due = hooks.flatMap((hook) => hook.helm.events.filter((one) => one === event).map(() => hook)).sort(compareHooks);
  const moments: Moment<HelmMoment>[] = [];
  for (const [index, hook] of due.entries()) {
    const { groups, failed, isCreated } = runHook(hook, cluster);
    const at = { event, weight: hook.helm.weight };
    moments.push({ at, groups, waitsFor: isCreated ? ['hooks'] : [] });
    if (!failed) continue;
    // What could not be created leaves everything as it is.
    const cleanup = isCreated ? [...deleted([hook], 'HookFailed', cluster), ...deleted(due.slice(0, index), 'HookSucceeded', cluster)] : [];
    return { moments: [...moments, ...after(event, cleanup)], failed: `${hook.kind} ${hook.name} ${failed}` };
  }
  return { moments: [...moments, ...after(event, deleted(due.toReversed(), 'HookSucceeded', cluster))] };
}

function compareHooks(a: Manifest, b: Manifest): number {
  return a.helm.weight - b.helm.weight || (a.name === b.name ? 0 : a.name < b.name ? -1 : 1);
}

function runHook(hook: Manifest, cluster: Cluster): { readonly groups: readonly Group[]; readonly failed?: string; readonly isCreated: boolean } {
  const { major, live, idOf, failing } = cluster;
  const first = deleted([hook], 'BeforeHookCreation', cluster);
  // Helm 4 applies on the server what Helm 3 creates.
  if (major === 3 && live.has(idOf(hook))) return { groups: first, failed: 'exists already', isCreated: false };
  live.set(idOf(hook), hook);
  const groups: readonly Group[] = [...first, { action: 'apply', objects: [hook], order: 'parallel' }];
  return failing(hook) ? { groups, failed: 'failed', isCreated: true } : { groups, isCreated: true };
}

/** Definitions are never deleted. */
function deleted(hooks: readonly Manifest[], policy: DeletePolicy, { live, idOf }: Cluster): readonly Group[] {
  const gone = hooks.filter((hook) => hook.kind !== 'CustomResourceDefinition' && hook.helm.policies.includes(policy) && live.delete(idOf(hook)));
  return gone.length === 0 ? [] : [{ action: 'delete', because: policy, objects: gone, order: 'sequence' }];
}

function after(event: string, groups: readonly Group[]): readonly Moment<HelmMoment>[] {
  return groups.length === 0 ? [] : [{ at: { after: event }, groups, waitsFor: [] }];
}
