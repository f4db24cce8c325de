import { HookJob } from '../../constructs/hook-job.ts';
import { markSequenced } from '../../constructs/placed.ts';
import { VendorObject } from '../../constructs/vendor-manifest.ts';
import type { Entry } from '../entries.ts';
import { HOOK, HOOK_DELETE_POLICY, HOOK_OUTPUT_LOG_POLICY, HOOK_WEIGHT, RESOURCE_POLICY } from './annotations.ts';
import { BEFORE_ANEW, NAMESPACE_WEIGHT, positionOf, type Position } from './position.ts';

/** Writes an object's place into its annotations. `home` is the namespace of the hooks. */
export function annotate(entry: Entry, home: string): void {
  const { object } = entry;
  const position = isHome(entry, home) ? HOME : positionOf(entry.placed.placement);
  if (position?.at === 'hook') {
    const annotations = hookAnnotations(position, isHome(entry, home) ? HOME_POLICY : deletePolicy(entry));
    for (const [key, value] of Object.entries(annotations)) object.metadata.addAnnotation(key, value);
    if (object.kind === 'Job') object.metadata.addAnnotation(HOOK_OUTPUT_LOG_POLICY, LOGS_OF);
  } else if (KEPT.includes(object.kind)) {
    object.metadata.addAnnotation(RESOURCE_POLICY, 'keep');
  }
  markSequenced(object);
}

/** The namespace that hookwave emits for its hooks; it has to be there before the first of them. */
export function isHome({ object }: Entry, home: string): boolean {
  return object.kind === 'Namespace' && object.name === home && !VendorObject.isVendorObject(object);
}

export function hookAnnotations({ events, weight }: { readonly events: string; readonly weight: number }, policy: string): Record<string, string> {
  return { [HOOK]: events, [HOOK_WEIGHT]: String(weight), [HOOK_DELETE_POLICY]: policy };
}

/**
 * Finished Jobs stay for their logs, and what is tracked elsewhere stays, too. Identities go when their event has succeeded, but for those of long Jobs:
 * when Helm's timeout is over it takes all that goes with success, and the Job that still watches the rollout would lose its rights (helm v4.2, pkg/action/hooks.go).
 */
function deletePolicy({ object, placed: { placement } }: Entry): string {
  const isIdentity = object.node.scopes.some((scope) => scope instanceof HookJob);
  const isLong = placement.phase === 'verify';
  return object.kind === 'Job' || isLong || (placement.mode === 'tracked' && !isIdentity) ? STAYS : GOES;
}

const HOME: Position = { at: 'hook', events: BEFORE_ANEW, weight: NAMESPACE_WEIGHT };

/**
 * Anything but the default, which would delete the namespace and the run record with it. It takes effect only while Helm creates the namespace,
 * which it does only where there is none (chart-files.ts).
 */
const HOME_POLICY = 'hook-failed';
const STAYS = 'before-hook-creation';
const GOES = 'before-hook-creation,hook-succeeded';
const LOGS_OF = 'hook-failed';

/** Their deletion would take data with it. */
const KEPT: readonly string[] = ['CustomResourceDefinition', 'Namespace'];
