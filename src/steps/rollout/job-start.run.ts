import type { KubeObject } from '../../kube/cluster.ts';
import { JOBS } from '../../kube/resources.ts';
import type { StepContext } from '../step.ts';

interface Job extends KubeObject {
  readonly status?: { readonly startTime?: string };
}

/**
 * When the own Job began, by the own clock, so that a Pod that was replaced gains no time; now, when there is no Job. Milliseconds since the epoch.
 * `startTime` is the control plane's: a node whose clock is ahead would find every deadline over.
 */
export async function jobStart({ cluster, clock, pod }: StepContext): Promise<number> {
  const job = pod?.job === undefined ? undefined : await cluster.get<Job>(JOBS, pod.job, pod.namespace);
  const startTime = Date.parse(job?.status?.startTime ?? '');
  return Number.isNaN(startTime) ? clock.now() : Math.min(startTime - cluster.clockOffset(), clock.now());
}
