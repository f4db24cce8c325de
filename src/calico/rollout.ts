/** Whether a workload is rolled out, and what stands in the way. Pure. */
import { tagOf } from './images.ts';
import { describeTrouble, podTrouble, type PodTrouble } from './pod-reasons.ts';
import { isRelease } from './versions.ts';
import type { Container, DaemonSet, Pod, PodTemplate } from './workloads.ts';

/**
 * `not-applied`: the template does not carry the expected version yet.
 * `never-scheduled`: no node wants a Pod. `on-delete`: the strategy replaces no Pod by itself.
 * `stuck`: a Pod needs somebody; it may still mend itself.
 */
export type RolloutState = 'complete' | 'not-applied' | 'never-scheduled' | 'on-delete' | 'stuck' | 'progressing';

export interface Rollout {
  readonly state: RolloutState;
  /** One line for people. */
  readonly message: string;
  readonly desired: number;
  /** Nodes that have a Pod. */
  readonly scheduled: number;
  readonly updated: number;
  readonly available: number;
  /** Pods, finished ones left out. */
  readonly pods: number;
  /** Pods whose container carries the expected version. */
  readonly onTarget: number;
  readonly templateOnTarget: boolean;
  /** Every Pod wanted is of the template as it is now, ready or not. */
  readonly upToDate: boolean;
  /** Pods that are not ready, those that need somebody first. */
  readonly troubles: readonly PodTrouble[];
}

export interface Expected {
  /** The container whose image carries the version. */
  readonly container: string;
  /** Release, `v3.32.1`; its aliases count. */
  readonly version: string;
}

/**
 * A DaemonSet is complete when its generation is observed, all Pods wanted (more than none) are updated and available, none is unavailable,
 * and each Pod's container carries the expected version. The last is what `kubectl rollout status` does not look at.
 */
export function rolloutState(daemonSet: DaemonSet, pods: readonly Pod[], expected: Expected): Rollout {
  const alive = pods.filter((pod) => !isFinished(pod));
  const { desiredNumberScheduled: desired = 0, currentNumberScheduled: scheduled = 0, updatedNumberScheduled: updated = 0, numberAvailable: available = 0 } = daemonSet.status ?? {};
  const rollout = {
    desired,
    scheduled,
    updated,
    available,
    pods: alive.length,
    onTarget: alive.filter((pod) => carries(pod, expected)).length,
    templateOnTarget: carries(daemonSet.spec.template, expected),
    upToDate: isObserved(daemonSet) && updated >= desired,
    troubles: troublesOf(alive),
  };
  const state = stateOf(daemonSet, rollout);
  return { ...rollout, state, message: messageOf(state, rollout, expected) };
}

type Counts = Omit<Rollout, 'state' | 'message'>;

function stateOf(daemonSet: DaemonSet, counts: Counts): RolloutState {
  if (!counts.templateOnTarget) return 'not-applied';
  if (!isObserved(daemonSet)) return 'progressing';
  if (counts.desired === 0) return 'never-scheduled';
  if (isComplete(daemonSet, counts)) return 'complete';
  if (daemonSet.spec.updateStrategy?.type === 'OnDelete') return 'on-delete';
  return counts.troubles.some((trouble) => trouble.hard) ? 'stuck' : 'progressing';
}

/** Whether the controller has seen the object as it is now; before that its status speaks of an older one. */
export function isObserved(object: { readonly metadata: { readonly generation?: number }; readonly status?: { readonly observedGeneration?: number } }): boolean {
  return (object.status?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0);
}

function isComplete(daemonSet: DaemonSet, { desired, updated, available, pods, onTarget }: Counts): boolean {
  const unavailable = daemonSet.status?.numberUnavailable ?? 0;
  return updated === desired && available === desired && unavailable === 0 && pods >= desired && onTarget === pods;
}

function messageOf(state: RolloutState, counts: Counts, { container, version }: Expected): string {
  if (state === 'not-applied') return `the template's container ${container} does not carry ${version} yet`;
  if (state === 'never-scheduled') return 'no node wants a Pod of it (desired 0)';
  const numbers = `${counts.updated} of ${counts.desired} updated, ${counts.available} available, ${counts.onTarget} of ${counts.pods} Pods on ${version}`;
  const first = counts.troubles[0];
  const strategy = state === 'on-delete' ? '; update strategy OnDelete replaces no Pod by itself' : '';
  return `${numbers}${strategy}${state === 'complete' || !first ? '' : `; ${describeTrouble(first)}`}`;
}

/** A finished Pod (evicted, out of the node's resources) waits only for its removal. */
export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

export function troublesOf(pods: readonly Pod[]): readonly PodTrouble[] {
  const troubles = pods.flatMap((pod) => podTrouble(pod) ?? []);
  return [...troubles.filter((trouble) => trouble.hard), ...troubles.filter((trouble) => !trouble.hard)];
}

/** The image of a container; of the only one when none has that name. */
export function imageOf(template: Pick<PodTemplate, 'spec'>, container: string): string | undefined {
  const { containers } = template.spec;
  const found: Container | undefined = containers.find(({ name }) => name === container) ?? (containers.length === 1 ? containers[0] : undefined);
  return found?.image;
}

/** Whether the container's image carries the expected version. */
export function carries(template: Pick<PodTemplate, 'spec'>, { container, version }: Expected): boolean {
  return isRelease(tagOf(imageOf(template, container)), version);
}
