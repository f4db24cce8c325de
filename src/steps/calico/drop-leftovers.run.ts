import { leftoversIn } from '../../calico/leftovers.ts';
import type { DaemonSet, Workload } from '../../calico/workloads.ts';
import { isConflict } from '../../kube/errors.ts';
import { DAEMON_SETS } from '../../kube/resources.ts';
import type { StepContext } from '../step.ts';

/**
 * Takes containers of the old release out of the new template. A DaemonSet that moves meanwhile is left to the next look.
 * @returns whether there were any
 */
export async function dropLeftovers({ cluster, lock, report }: StepContext, { namespace, daemonset }: Workload, seen: DaemonSet, expected: readonly string[]): Promise<boolean> {
  const { names, lists } = leftoversIn(seen, expected);
  if (names.length === 0) return false;
  await lock.hold(async () => {
    await cluster.mergePatch(DAEMON_SETS, seen, { spec: { template: { spec: lists } } });
    report.event('leftovers-dropped', `took ${names.join(', ')} out of DaemonSet ${namespace}/${daemonset}: the old release had it, the apply has left it behind`, { containers: names });
  }).catch((error: unknown) => {
    if (!isConflict(error)) throw error;
  });
  return true;
}
