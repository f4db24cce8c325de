/** When a migrated datastore may be completed. Pure. */
import { carries, isFinished, isObserved, type Expected } from './rollout.ts';
import type { DaemonSet, Pod } from './workloads.ts';

/**
 * Why not every new calico-node has passed its guard and started; `undefined` when all have. Ready is not asked for: Felix is not ready before the
 * completion (calico felix/daemon/daemon.go), so waiting for it would never end.
 */
export function whyNotStarted(daemonSet: DaemonSet, pods: readonly Pod[], expected: Expected): string | undefined {
  const { desiredNumberScheduled: desired = 0, updatedNumberScheduled: updated = 0 } = daemonSet.status ?? {};
  if (!carries(daemonSet.spec.template, expected)) return `the DaemonSet does not carry ${expected.version} yet`;
  if (!isObserved(daemonSet)) return 'the controller has not seen the DaemonSet yet';
  if (desired === 0) return 'no node wants a Pod of it (desired 0)';
  if (updated !== desired) return `${updated} of ${desired} updated`;
  const alive = pods.filter((pod) => !isFinished(pod));
  const waiting = alive.filter((pod) => !carries(pod, expected) || !isRunning(pod, expected.container));
  if (alive.length < desired) return `${alive.length} of ${desired} Pods are there`;
  return waiting.length === 0 ? undefined : `${waiting.length} of ${alive.length} Pods have not started ${expected.container}, such as ${waiting[0]?.metadata.name}`;
}

/** Ready or not. A main container runs only after all init containers have ended well. */
export function isRunning({ status }: Pod, container: string): boolean {
  return status?.containerStatuses?.some(({ name, state }) => name === container && state?.running !== undefined) ?? false;
}
