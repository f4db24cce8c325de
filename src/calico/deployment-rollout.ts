import { describeTrouble, type PodTrouble } from './pod-reasons.ts';
import { carries, isFinished, isObserved, troublesOf, type Expected } from './rollout.ts';
import type { Deployment, Pod } from './workloads.ts';

export interface DeploymentRollout {
  readonly state: 'complete' | 'not-applied' | 'progressing';
  /** One line for people. */
  readonly message: string;
  readonly troubles: readonly PodTrouble[];
}

/**
 * A Deployment is complete when its generation is observed, all replicas wanted are updated and available, none is left over or unavailable,
 * and its template carries the expected version. Zero replicas are complete.
 * @param expected without it the version does not matter
 */
export function deploymentState(deployment: Deployment, pods: readonly Pod[], expected?: Expected): DeploymentRollout {
  const troubles = troublesOf(pods.filter((pod) => !isFinished(pod)));
  if (expected && !carries(deployment.spec.template, expected)) {
    return { state: 'not-applied', message: `its template does not carry ${expected.version} yet`, troubles };
  }
  const wanted = deployment.spec.replicas ?? 1;
  const { replicas = 0, updatedReplicas: updated = 0, availableReplicas: available = 0, unavailableReplicas: unavailable = 0 } = deployment.status ?? {};
  const complete = isObserved(deployment) && updated === wanted && replicas === wanted && available === wanted && unavailable === 0;
  if (complete) return { state: 'complete', message: `${available} of ${wanted} available`, troubles };
  const first = troubles[0];
  const failing = deployment.status?.conditions?.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')?.message;
  const why = first ? describeTrouble(first) : failing;
  return { state: 'progressing', message: `${updated} of ${wanted} updated, ${available} available${why ? `; ${why}` : ''}`, troubles };
}
