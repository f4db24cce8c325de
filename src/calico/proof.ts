/** What is still missing for an upgrade to count as done. Pure. */
import { deploymentState, type DeploymentRollout } from './deployment-rollout.ts';
import type { PodTrouble } from './pod-reasons.ts';
import { rolloutState, type Expected, type Rollout } from './rollout.ts';
import { isRelease } from './versions.ts';
import type { DaemonSet, Deployment, Pod } from './workloads.ts';

export interface Evidence {
  readonly daemonSet: DaemonSet | undefined;
  readonly pods: readonly Pod[];
  /** Name, object and its Pods. */
  readonly deployments: readonly { readonly name: string; readonly deployment: Deployment | undefined; readonly pods: readonly Pod[] }[];
  /** `spec.calicoVersion` of ClusterInformation. */
  readonly clusterVersion: string | undefined;
}

/** Something that is not as it should be. */
export interface Gap {
  readonly message: string;
  readonly troubles: readonly PodTrouble[];
  /** Waiting does not mend it. @default false */
  readonly final?: boolean;
}

/** Empty when all is proved. */
export function gaps({ daemonSet, pods, deployments, clusterVersion }: Evidence, expected: Expected): readonly Gap[] {
  return [
    ...daemonSetGap(daemonSet, pods, expected),
    ...deployments.flatMap(({ name, deployment, pods: own }) => deploymentGap(name, deployment, own, expected)),
    ...clusterVersionGap(clusterVersion, expected),
  ];
}

function daemonSetGap(daemonSet: DaemonSet | undefined, pods: readonly Pod[], expected: Expected): readonly Gap[] {
  if (!daemonSet) return [{ message: 'the DaemonSet does not exist', troubles: [] }];
  return rolloutGap(`DaemonSet ${daemonSet.metadata.name}`, rolloutState(daemonSet, pods, expected));
}

/** A Deployment of Calico has a container of its own name. */
function deploymentGap(name: string, deployment: Deployment | undefined, pods: readonly Pod[], { version }: Expected): readonly Gap[] {
  if (!deployment) return [{ message: `Deployment ${name} does not exist`, troubles: [] }];
  return rolloutGap(`Deployment ${name}`, deploymentState(deployment, pods, { container: name, version }));
}

/** @param what kind and name of the workload */
export function rolloutGap(what: string, { state, message, troubles }: Rollout | DeploymentRollout): readonly Gap[] {
  return state === 'complete' ? [] : [{ message: `${what} is ${state}: ${message}`, troubles }];
}

function clusterVersionGap(clusterVersion: string | undefined, { version }: Expected): readonly Gap[] {
  if (isRelease(clusterVersion, version)) return [];
  return [{ message: `ClusterInformation says ${clusterVersion ?? 'nothing'}, not ${version}`, troubles: [] }];
}
