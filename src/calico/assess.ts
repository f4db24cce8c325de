/** What is due: decided from the rollout of the workload (template, every Pod's image) and the run record. */
import type { Cluster } from '../kube/cluster.ts';
import type { Run, RunRecord } from '../plan/record.ts';
import { tagOf } from './images.ts';
import { readInstall, type Install } from './install.ts';
import { KUBE_CONTROLLERS } from './names.ts';
import { imageOf, isFinished, rolloutState, type Rollout } from './rollout.ts';
import { compareVersions, isRelease, parseVersion, type Version } from './versions.ts';
import type { DaemonSet, Pod, Workload } from './workloads.ts';

export interface Target {
  /** Plan digest. */
  readonly plan: string;
  readonly from: string;
  readonly to: string;
}

/** Nothing of Calico is there: a fresh install, nothing is due. */
export interface Absent {
  readonly due: 'absent';
  readonly reason: string;
}

/** Some of Calico is there and some is missing: nothing may go on. */
export interface Partial {
  readonly due: 'partial';
  readonly reason: string;
  readonly present: readonly string[];
  readonly missing: readonly string[];
}

/** Only `done` is a no-op. */
export interface Installed {
  readonly due: 'not-started' | 'in-progress' | 'done';
  readonly reason: string;
  readonly daemonSet: DaemonSet;
  readonly pods: readonly Pod[];
  readonly rollout: Rollout;
  /** Lowest Calico version that a Pod of the DaemonSet runs, or, without Pods, its template; absent when no image names a version. */
  readonly oldest?: string;
  /** `spec.calicoVersion` of ClusterInformation; written by each starting calico-node, so no proof of a finished upgrade. */
  readonly clusterVersion?: string;
  /** The unfinished run of another plan that this plan takes over, for example after a Git revert in mid-upgrade. */
  readonly supersedes?: Run;
}

export type Assessment = Absent | Partial | Installed;

/** Reads only: get DaemonSets, Deployment and ClusterInformation, list Pods. Errors of the API are passed on. */
export async function assess(cluster: Cluster, workload: Workload, target: Target, record: RunRecord): Promise<Assessment> {
  return assessInstall(await readInstall(cluster, workload), workload, target, record);
}

/** The pure part of `assess`. */
function assessInstall(install: Install, workload: Workload, target: Target, record: RunRecord): Assessment {
  const { daemonSet, pods, clusterInformation } = install;
  if (!daemonSet) return withoutDaemonSet(install, workload);
  const rollout = rolloutState(daemonSet, pods, { container: workload.container, version: target.to });
  const missing = missingApi(install, rollout);
  if (missing.length > 0) return partial([`DaemonSet ${workload.namespace}/${workload.daemonset}`], missing);
  const oldest = oldestVersion(daemonSet, pods, workload.container);
  const clusterVersion = clusterInformation?.spec?.calicoVersion;
  return {
    ...decide(rollout, target, record.run),
    daemonSet,
    pods,
    rollout,
    ...(oldest !== undefined && { oldest }),
    ...(clusterVersion !== undefined && { clusterVersion }),
    ...(record.run && isUnfinished(record.run) && record.run.plan !== target.plan && { supersedes: record.run }),
  };
}

function withoutDaemonSet({ kubeControllers, clusterInformation, otherDaemonSets }: Install, { namespace, daemonset }: Workload): Absent | Partial {
  const present = [
    ...otherDaemonSets.map((name) => `DaemonSet ${namespace}/${name}`),
    ...(kubeControllers ? [`Deployment ${namespace}/${KUBE_CONTROLLERS}`] : []),
    ...(clusterInformation ? [`ClusterInformation default (${clusterInformation.spec?.calicoVersion ?? 'no version'})`] : []),
  ];
  if (present.length > 0) return partial(present, [`DaemonSet ${namespace}/${daemonset}`]);
  return { due: 'absent', reason: 'Calico is not installed: a fresh install, nothing to prepare' };
}

/** A calico-node that has run on the Kubernetes datastore has left a ClusterInformation. One that is only being installed need not have yet. */
function missingApi({ api, clusterInformation }: Install, { templateOnTarget, onTarget }: Rollout): readonly string[] {
  if (clusterInformation || templateOnTarget || onTarget > 0) return [];
  return [api ? 'ClusterInformation default' : 'Calico API (crd.projectcalico.org or projectcalico.org)'];
}

function partial(present: readonly string[], missing: readonly string[]): Partial {
  return { due: 'partial', reason: `Calico is only partly there: found ${present.join(', ')}; missing ${missing.join(', ')}`, present, missing };
}

type Decision = Pick<Installed, 'due' | 'reason'>;

function decide(rollout: Rollout, target: Target, run: Run | undefined): Decision {
  const { to, plan } = target;
  const allOnTarget = rollout.templateOnTarget && rollout.onTarget === rollout.pods;
  const noneOnTarget = !rollout.templateOnTarget && rollout.onTarget === 0;
  if (run && isUnfinished(run)) return decideUnfinished(noneOnTarget, target, run);
  if (noneOnTarget) return { due: 'not-started', reason: `nothing runs ${to} yet` };
  if (!allOnTarget) return { due: 'in-progress', reason: `${to} is rolled out in part: ${rollout.message}` };
  // A Pod that is down for a while, or a node that joins, makes nothing due once the plan is through.
  if (run?.plan === plan) return { due: 'done', reason: `this plan is done and everything runs ${to}` };
  if (run && rollout.state === 'complete') return { due: 'not-started', reason: `everything runs ${to}, but this plan has not run yet` };
  if (rollout.state === 'complete') return { due: 'done', reason: `everything runs ${to} and no run is recorded` };
  return { due: 'in-progress', reason: `${to} is applied but not complete: ${rollout.message}` };
}

function decideUnfinished(noneOnTarget: boolean, { to, plan }: Target, run: Run): Decision {
  const name = run.plan === plan ? 'this plan' : `plan ${run.plan} (${run.from} to ${run.to})`;
  if (run.plan !== plan && isRelease(run.from, to)) return { due: 'in-progress', reason: `${name} is unfinished and this plan takes it back to ${to}` };
  if (noneOnTarget) return { due: 'not-started', reason: `${name} was opened, but nothing runs ${to} yet` };
  return { due: 'in-progress', reason: `${name} is ${run.state === 'frozen' ? 'frozen' : 'unfinished'}` };
}

function isUnfinished(run: Run): boolean {
  return run.state !== 'done';
}

function oldestVersion(daemonSet: DaemonSet, pods: readonly Pod[], container: string): string | undefined {
  const alive = pods.filter((pod) => !isFinished(pod));
  return versionsRunning(alive.length > 0 ? alive : [daemonSet.spec.template], container).toSorted(compareVersions)[0]?.release;
}

/** The versions that these Pods' images name; an image that names none is left out. */
function versionsRunning(pods: readonly Pick<Pod, 'spec'>[], container: string): readonly Version[] {
  return pods.flatMap((pod) => parseVersion(tagOf(imageOf(pod, container)) ?? '') ?? []);
}
