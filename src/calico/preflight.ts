/** What stands in the way of an upgrade: ordered pure checks, each gives its problems; nobody stops at the first one. */
import type { KubeObject } from '../kube/cluster.ts';
import type { Run, RunRecord } from '../plan/record.ts';
import type { Installed, Target } from './assess.ts';
import { deploymentState } from './deployment-rollout.ts';
import { tagOf } from './images.ts';
import { KUBE_CONTROLLERS } from './names.ts';
import { BAD_TARGETS } from './known-releases.ts';
import { describeTrouble } from './pod-reasons.ts';
import { imageOf, isFinished, isObserved } from './rollout.ts';
import { compareVersions, isRelease, parseVersion, versionOf, type Version } from './versions.ts';
import type { Condition, Deployment, Pod, Workload } from './workloads.ts';

export interface Problem {
  readonly message: string;
  /** What to do. */
  readonly fix: string;
}

export interface Node extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** What the checks look at. */
export interface Sight {
  readonly installed: Installed;
  readonly workload: Workload;
  readonly target: Target;
  readonly record: RunRecord;
  readonly nodes: readonly Node[];
  /** Name to object; `undefined` when it is missing. */
  readonly deployments: ReadonlyMap<string, Deployment | undefined>;
}

export function preflightProblems(sight: Sight): readonly Problem[] {
  return [badTarget, versions, datastore, strategy, nodesReady, podsInOrder, deploymentsInOrder].flatMap((check) => check(sight));
}

function badTarget({ target }: Sight): readonly Problem[] {
  return BAD_TARGETS.filter(({ release }) => release === versionOf(target.to).release).map(({ release, reason, instead }) => ({
    message: `${release} is no target: ${reason}`,
    fix: `set spec.to to ${instead}`,
  }));
}

/** Everything that runs is of `from`'s minor release or is `to`, or belongs to the unfinished run that this plan takes over. */
function versions({ installed, workload, target }: Sight): readonly Problem[] {
  const sources = [installed.daemonSet.spec.template, ...installed.pods.filter((pod) => !isFinished(pod))];
  const images = [...new Set(sources.map((source) => imageOf(source, workload.container) ?? '(no image)'))];
  return images.flatMap((image) => versionProblem(image, target, installed.supersedes) ?? []);
}

function versionProblem(image: string, { from, to }: Target, supersedes: Run | undefined): Problem | undefined {
  const version = parseVersion(tagOf(image) ?? '');
  if (!version) return { message: `image ${image} names no release`, fix: 'pin it by a release tag; a digest may follow the tag' };
  const known = [to, ...(supersedes ? [supersedes.from, supersedes.to] : [])];
  if (known.some((release) => isRelease(version.release, release))) return undefined;
  if (compareVersions(version, to) > 0) return { message: `${image} runs, newer than ${to}`, fix: `correct spec.from and spec.to; hookwave does not go back from ${version.release}` };
  return isSameMinor(version, versionOf(from)) ? undefined : { message: `${image} runs, but spec.from says ${from}`, fix: `set spec.from to ${version.release}` };
}

function isSameMinor(a: Version, b: Version): boolean {
  return a.major === b.major && a.minor === b.minor;
}

/** Only calico-node itself says where its data is; without the variable it is etcd (libcalico-go, apiconfig). */
function datastore({ installed, workload }: Sight): readonly Problem[] {
  const container = installed.daemonSet.spec.template.spec.containers.find(({ name }) => name === workload.container);
  const type = container?.env?.find(({ name }) => name === 'DATASTORE_TYPE');
  if (type?.value === 'kubernetes') return [];
  const found = type?.value ?? (type ? 'a reference' : 'nothing, which means etcdv3');
  return [{ message: `${nameOf(workload)} keeps its data elsewhere: DATASTORE_TYPE is ${found}`, fix: 'this recipe needs the Kubernetes datastore; move the data first' }];
}

/** Set on a DaemonSet that hookwave has frozen; the value is the plan digest. */
export const FROZEN_ANNOTATION = 'hookwave.dev/frozen-by';

/** Whether the strategy OnDelete is hookwave's freeze; the next apply restores the strategy of the manifest. */
function isFrozenByUs({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[FROZEN_ANNOTATION] !== undefined;
}

function strategy({ installed: { daemonSet }, workload, record }: Sight): readonly Problem[] {
  const frozen = isFrozenByUs(daemonSet) || record.run?.freeze?.workload === nameOf(workload);
  if (daemonSet.spec.updateStrategy?.type !== 'OnDelete' || frozen) return [];
  return [
    {
      message: `DaemonSet ${nameOf(workload)} has update strategy OnDelete: an apply replaces none of its Pods`,
      fix: 'set its spec.updateStrategy to RollingUpdate',
    },
  ];
}

/** A run that is under way, or that takes over a broken one, may find things out of order: it is there to mend them. */
function isUntouched({ installed: { due, supersedes } }: Sight): boolean {
  return due === 'not-started' && !supersedes;
}

function nodesReady(sight: Sight): readonly Problem[] {
  if (!isUntouched(sight)) return [];
  const unready = sight.nodes.filter((node) => !node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'));
  return unready.map(({ metadata: { name } }) => ({ message: `Node ${name} is not Ready`, fix: `bring Node ${name} in order or remove it from the cluster` }));
}

function podsInOrder(sight: Sight): readonly Problem[] {
  if (!isUntouched(sight)) return [];
  const { daemonSet, rollout } = sight.installed;
  const name = nameOf(sight.workload);
  const fix = 'bring them in order first: the rollout would stop at them';
  if (!isObserved(daemonSet)) return [{ message: `DaemonSet ${name} was changed and its controller has not seen it`, fix: 'wait for the controller manager, then sync again' }];
  if (rollout.desired === 0) return [{ message: `DaemonSet ${name} wants no Pod on any node`, fix: 'check its node selector and the nodes' }];
  if (rollout.troubles.length > 0) return rollout.troubles.map((trouble) => ({ message: describeTrouble(trouble), fix }));
  const { desired, updated, available } = rollout;
  return updated === desired && available === desired ? [] : [{ message: `DaemonSet ${name}: ${updated} of ${desired} Pods updated, ${available} available`, fix }];
}

function deploymentsInOrder(sight: Sight): readonly Problem[] {
  if (!isUntouched(sight)) return [];
  return [...sight.deployments].flatMap(([name, deployment]) => {
    if (!deployment) return missingDeployment(name, sight);
    const { state, message } = deploymentState(deployment, []);
    const fix = 'bring it in order first, or scale it to what it can have';
    return state === 'complete' ? [] : [{ message: `Deployment ${sight.workload.namespace}/${name}: ${message}`, fix }];
  });
}

/** canal.yaml of v3.13 has no calico-kube-controllers, that of v3.20 has. */
function missingDeployment(name: string, { workload, target }: Sight): readonly Problem[] {
  const came = workload.daemonset === 'canal' && name === KUBE_CONTROLLERS && compareVersions(target.from, 'v3.20.0') < 0;
  if (came) return [];
  return [
    {
      message: `Calico is only partly there: found DaemonSet ${nameOf(workload)}, missing Deployment ${workload.namespace}/${name}`,
      fix: `restore it, or vendor the manifest variant that the cluster was installed with`,
    },
  ];
}

/** An old calicoctl writes the new datastore wrongly (v3.22 upgrade page: "do not use older calicoctl versions"). */
export function calicoctlProblems(pod: Pod | undefined, to: string, plan: 'replace' | 'keep' | 'absent'): readonly Problem[] {
  if (!pod || plan !== 'absent' || isRelease(tagOf(imageOf(pod, 'calicoctl')), to)) return [];
  const { name, namespace } = pod.metadata;
  return [
    {
      message: `Pod ${namespace}/${name} runs ${imageOf(pod, 'calicoctl') ?? 'no image'}: an old calicoctl must not be used after the upgrade`,
      fix: `vendor calicoctl.yaml of ${to} and name it in spec.install.calicoctl, or write keep there`,
    },
  ];
}

function nameOf({ namespace, daemonset }: Workload): string {
  return `${namespace}/${daemonset}`;
}
