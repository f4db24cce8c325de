import type { KubeObject } from '../../kube/cluster.ts';
import { JOBS } from '../../kube/resources.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import type { onceJobsClear } from './once-jobs-clear.ts';

interface Job extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export const runOnceJobsClear: StepRun<typeof onceJobsClear.params> = async ({ prefix }, context) => {
  const found = await stale(context, prefix);
  if (found.length === 0) return { outcome: 'already', message: 'no once-Job has failed or belongs to another plan' };
  await context.lock.hold(async (signal) => {
    for (const job of found) {
      signal.throwIfAborted();
      await context.cluster.delete(JOBS, job);
      context.report.event('job-deleted', `deleted Job ${job.metadata.name}`, { job: job.metadata.name });
    }
  });
  return untilGone(context, prefix, found);
};

/** How long Jobs may take to go: their Pods are collected in the background, so it is quick unless somebody holds a finalizer. */
const GONE_MS = 30_000;

async function untilGone(context: StepContext, prefix: string, found: readonly Job[]): Promise<StepResult> {
  const uids = new Set(found.map(({ metadata }) => metadata.uid));
  const end = context.clock.now() + GONE_MS;
  for (;;) {
    const left = (await stale(context, prefix)).filter(({ metadata }) => uids.has(metadata.uid));
    if (left.length === 0) return { outcome: 'done', message: `deleted ${namesOf(found)}` };
    if (context.clock.now() >= end) {
      return { outcome: 'failed', exitCode: 20, message: `${namesOf(left)} in ${context.identity.namespace} did not go away`, next: 'look at their finalizers: somebody holds them' };
    }
    await context.clock.sleep(500, context.signal);
  }
}

async function stale({ cluster, identity }: StepContext, prefix: string): Promise<readonly Job[]> {
  const { upgrade, namespace, plan } = identity;
  const jobs = await cluster.list<Job>(JOBS, { namespace, labels: `hookwave.dev/upgrade=${upgrade},hookwave.dev/once=true` });
  return jobs.filter((job) => job.metadata.name.startsWith(prefix) && (hasFailed(job) || job.metadata.labels?.['hookwave.dev/plan'] !== plan));
}

function hasFailed({ status }: Job): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === 'Failed' && value === 'True') ?? false;
}

function namesOf(jobs: readonly Job[]): string {
  return jobs.map(({ metadata }) => `Job ${metadata.name}`).join(', ');
}
