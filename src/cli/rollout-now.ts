import { podsOf } from '../calico/install.ts';
import { describeTrouble } from '../calico/pod-reasons.ts';
import { troublesOf } from '../calico/rollout.ts';
import type { DaemonSet } from '../calico/workloads.ts';
import type { Cluster } from '../kube/cluster.ts';
import { DAEMON_SETS } from '../kube/resources.ts';
import type { Run } from '../plan/record.ts';

/** How the rollout of an unfinished run stands at this moment, whoever has stopped to wait for it. */
export interface RolloutNow {
  /** `namespace/name` of the DaemonSet. */
  readonly workload: string;
  readonly summary: string;
  /** Pods that are not ready, one line each. */
  readonly troubles: readonly string[];
}

/** `undefined` when no run is unfinished, or the record does not name its workload. @throws ApiError, ApiUnavailable */
export async function rolloutNow(cluster: Cluster, run: Run | undefined): Promise<RolloutNow | undefined> {
  if (!run?.workload || run.state === 'done') return undefined;
  const [namespace = '', name = ''] = run.workload.split('/');
  const daemonSet = await cluster.get<DaemonSet>(DAEMON_SETS, name, namespace);
  if (!daemonSet) return { workload: run.workload, summary: 'does not exist', troubles: [] };
  const { desiredNumberScheduled = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = daemonSet.status ?? {};
  const strategy = daemonSet.spec.updateStrategy?.type === 'OnDelete' ? '; update strategy OnDelete replaces no Pod by itself' : '';
  return {
    workload: run.workload,
    summary: `${updatedNumberScheduled} of ${desiredNumberScheduled} updated, ${numberAvailable} available${strategy}`,
    troubles: troublesOf(await podsOf(cluster, daemonSet)).map(describeTrouble),
  };
}
