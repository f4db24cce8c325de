import type { Cluster, KubeObject } from './cluster.ts';
import { JOBS, PODS } from './resources.ts';

/** Something of an upgrade's hooks that does not work at the moment. */
export interface Failing {
  /** `Pod namespace/name` or `Job namespace/name`. */
  readonly object: string;
  readonly container?: string;
  readonly reason: string;
  readonly message?: string;
}

interface Pod extends KubeObject {
  readonly status?: {
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly conditions?: readonly Condition[];
  };
}

interface ContainerStatus {
  readonly name: string;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string };
  };
}

interface Job extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Reasons of a container that is merely on its way. */
const ON_THE_WAY = new Set(['PodInitializing', 'ContainerCreating']);

/** Failed Jobs of an upgrade, containers that failed or can't start, and Pods that find no node; but for the Pods of Jobs that have come to a good end in another try. */
export async function failingPods(cluster: Cluster, upgrade: string, namespace: string): Promise<readonly Failing[]> {
  const selection = { namespace, labels: `hookwave.dev/upgrade=${upgrade}` };
  const [jobs, pods] = await Promise.all([cluster.list<Job>(JOBS, selection), cluster.list<Pod>(PODS, selection)]);
  const completed = new Set(jobs.filter((job) => conditionOf(job, 'Complete')).map(({ metadata }) => metadata.uid));
  const isOver = ({ metadata }: Pod): boolean => metadata.ownerReferences?.some(({ uid }) => completed.has(uid)) ?? false;
  return [...jobs.flatMap(failingJob), ...pods.filter((pod) => !isOver(pod)).flatMap(failingPod)];
}

function conditionOf({ status }: Job, wanted: 'Complete' | 'Failed'): Condition | undefined {
  return status?.conditions?.find(({ type, status: value }) => type === wanted && value === 'True');
}

function failingJob(job: Job): readonly Failing[] {
  const { metadata } = job;
  const failed = conditionOf(job, 'Failed');
  return failed ? [failing(`Job ${metadata.namespace}/${metadata.name}`, failed.reason ?? 'Failed', failed.message)] : [];
}

function failingPod({ metadata, status }: Pod): readonly Failing[] {
  const object = `Pod ${metadata.namespace}/${metadata.name}`;
  const unscheduled = status?.conditions?.find(({ type, status: value, reason }) => type === 'PodScheduled' && value === 'False' && reason === 'Unschedulable');
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return [
    ...(unscheduled ? [failing(object, 'Unschedulable', unscheduled.message)] : []),
    ...containers.flatMap(({ name, state }) => {
      const { waiting, terminated } = state ?? {};
      if (waiting?.reason && !ON_THE_WAY.has(waiting.reason)) return [{ ...failing(object, waiting.reason, waiting.message), container: name }];
      if (terminated && terminated.exitCode !== 0) return [{ ...failing(object, `exit code ${terminated.exitCode}`, terminated.message ?? terminated.reason), container: name }];
      return [];
    }),
  ];
}

function failing(object: string, reason: string, message: string | undefined): Failing {
  return { object, reason, ...(message ? { message } : {}) };
}
