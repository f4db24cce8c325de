/** Why a Pod is not ready, in the words of its status. */
import type { Condition, ContainerStatus, Pod } from './workloads.ts';

/** What keeps one Pod from being ready. */
export interface PodTrouble {
  readonly pod: string;
  readonly node?: string;
  readonly container?: string;
  /** The kubelet's or scheduler's own word where there is one: `CrashLoopBackOff`, `Unschedulable`; else `HeldByGuard`, `NotReady`, `Terminating`, ... */
  readonly reason: string;
  readonly message: string;
  /** Whether it needs somebody: waiting alone rarely mends it. */
  readonly hard: boolean;
}

/** Containers of this prefix are guards: they hold their Pod on purpose. */
export const GUARD_PREFIX = 'hookwave-';

const HARD_REASONS = new Set([
  'CrashLoopBackOff', 'ImagePullBackOff', 'ErrImagePull', 'ErrImageNeverPull', 'InvalidImageName', 'ImageInspectError',
  'CreateContainerConfigError', 'CreateContainerError', 'RunContainerError', 'Unschedulable', 'Evicted',
]);

/** `undefined` when the Pod is ready. */
export function podTrouble(pod: Pod): PodTrouble | undefined {
  const found = findTrouble(pod);
  if (!found) return undefined;
  const node = pod.spec.nodeName;
  return { pod: pod.metadata.name, ...(node !== undefined && { node }), ...found, hard: HARD_REASONS.has(found.reason) };
}

/** One line: Pod, node, container, reason, message. */
export function describeTrouble({ pod, node, container, reason, message }: PodTrouble): string {
  const place = `${pod}${node === undefined ? '' : ` on ${node}`}`;
  return `Pod ${place}: ${container === undefined ? '' : `container ${container}: `}${reason}${message === '' ? '' : `: ${message}`}`;
}

type Finding = Pick<PodTrouble, 'container' | 'reason' | 'message'>;

function findTrouble(pod: Pod): Finding | undefined {
  const { status } = pod;
  if (pod.metadata.deletionTimestamp) return { reason: 'Terminating', message: `being deleted since ${pod.metadata.deletionTimestamp}` };
  if (status?.phase === 'Failed') return { reason: status.reason ?? 'Failed', message: status.message ?? '' };
  return unscheduled(status?.conditions) ?? initTrouble(pod) ?? first(status?.containerStatuses, containerTrouble) ?? notReady(pod);
}

function unscheduled(conditions: readonly Condition[] | undefined): Finding | undefined {
  const scheduled = conditions?.find((condition) => condition.type === 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  return { reason: scheduled.reason ?? 'Unschedulable', message: scheduled.message ?? '' };
}

/** Init containers run one after the other: the first that has not ended well holds the Pod. */
function initTrouble(pod: Pod): Finding | undefined {
  return first(pod.status?.initContainerStatuses, (status) => {
    if (status.state?.terminated?.exitCode === 0 || isSidecar(pod, status)) return undefined;
    if (!status.state?.running) return containerTrouble(status);
    return status.name.startsWith(GUARD_PREFIX)
      ? { container: status.name, reason: 'HeldByGuard', message: 'the guard holds this Pod until what it waits for is true; its log says what' }
      : { container: status.name, reason: 'InitRunning', message: `init container still runs${since(status)}` };
  });
}

/** A sidecar (init container with restartPolicy Always) goes on running. */
function isSidecar(pod: Pod, status: ContainerStatus): boolean {
  const spec = pod.spec.initContainers?.find((container) => container.name === status.name);
  return spec?.restartPolicy === 'Always' && status.state?.running !== undefined;
}

function containerTrouble(status: ContainerStatus): Finding | undefined {
  const { waiting, terminated } = status.state ?? {};
  if (waiting) {
    const message = [waiting.message, lastEnd(status)].filter(Boolean).join('; ');
    return { container: status.name, reason: waiting.reason ?? 'Waiting', message };
  }
  if (terminated) return { container: status.name, reason: terminated.reason ?? 'Terminated', message: endOf(terminated) };
  if (status.ready !== false) return undefined;
  return { container: status.name, reason: 'NotReady', message: `runs${since(status)} but does not pass its readiness probe` };
}

function notReady(pod: Pod): Finding | undefined {
  const ready = pod.status?.conditions?.find((condition) => condition.type === 'Ready');
  if (ready?.status === 'True') return undefined;
  return { reason: ready?.reason ?? pod.status?.phase ?? 'Pending', message: ready?.message ?? 'not ready yet' };
}

function lastEnd(status: ContainerStatus): string | undefined {
  const last = status.lastState?.terminated;
  return last && `last run: ${endOf(last)}, ${status.restartCount ?? 0} restarts`;
}

function endOf({ exitCode, reason, message }: { readonly exitCode: number; readonly reason?: string; readonly message?: string }): string {
  return [`exit code ${exitCode}`, reason, message?.trim()].filter(Boolean).join(', ');
}

function since(status: ContainerStatus): string {
  const startedAt = status.state?.running?.startedAt;
  return startedAt === undefined ? '' : ` since ${startedAt}`;
}

function first<T, R>(items: readonly T[] | undefined, map: (item: T) => R | undefined): R | undefined {
  for (const item of items ?? []) {
    const result = map(item);
    if (result !== undefined) return result;
  }
  return undefined;
}
