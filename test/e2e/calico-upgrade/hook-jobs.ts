import type { Cluster, Json } from '../../cluster/cluster.ts';

/** A Job of the hooks' namespace as it stands after a sync or a release; hook Jobs stay until the next one. */
export interface EndedJob {
  /** Without `hookwave-calico-`. */
  readonly name: string;
  readonly isComplete: boolean;
  /** From its start to its completion; NaN when it has not completed. */
  readonly seconds: number;
  /** Since the epoch, in milliseconds. */
  readonly startedAt: number;
  /** The last words of each step, in order: its outcome, then a message. */
  readonly words: readonly string[];
}

export async function hookJobs(cluster: Cluster): Promise<readonly EndedJob[]> {
  const [jobs, pods] = (await Promise.all([cluster.get('jobs', undefined, 'hookwave-calico'), cluster.get('pods', undefined, 'hookwave-calico')])) as [Json[], Json[]];
  const isHook = ({ metadata: { annotations = {} } }: Json): boolean => annotations['argocd.argoproj.io/hook'] !== undefined || annotations['helm.sh/hook'] !== undefined;
  return jobs.filter(isHook).map((job) => endedJob(job, pods.filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === job.metadata.uid)));
}

function endedJob({ metadata, status }: Json, pods: readonly Json[]): EndedJob {
  const [start, end] = [status.startTime, status.completionTime].map((time) => Date.parse(time ?? ''));
  return {
    name: metadata.name.replace('hookwave-calico-', ''),
    isComplete: status.succeeded === 1,
    seconds: ((end ?? Number.NaN) - (start ?? Number.NaN)) / 1000,
    startedAt: start ?? Number.NaN,
    words: pods.flatMap((pod) => [...(pod.status.initContainerStatuses ?? []), ...pod.status.containerStatuses].map(({ state }) => state.terminated?.message ?? 'not ended')),
  };
}

/**
 * What a Job that has nothing to do may take. Idle, a Pod costs a second and each step another; with a load of six for each core 7 s for a Job of one step and
 * 11 s for one of four were measured, and this is three times as much. What a hook could wait for by mistake takes longer: the apply (120 s), progress (600 s), an approval (for ever).
 */
export function secondsWithoutWork({ words }: EndedJob): number {
  return 15 + 5 * words.length;
}
