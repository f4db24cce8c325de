import { assess, type Assessment } from '../../calico/assess.ts';
import { beside } from '../../calico/beside.ts';
import { openCalico } from '../../calico/calico-api.ts';
import { rolloutState, type Rollout } from '../../calico/rollout.ts';
import { judgeRollout, progressKey, type RolloutVerdict } from '../../calico/rollout-verdict.ts';
import type { DaemonSet, Workload } from '../../calico/workloads.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import type { calicoRolloutWatch } from './calico-rollout-watch.ts';
import { changedOr } from './changed-or.ts';
import { diagnose } from './diagnosis.ts';
import { dropLeftovers } from './drop-leftovers.run.ts';
import { freezeRollout, unmarkFreeze } from './freeze.run.ts';
import { standingFreeze } from './frozen.ts';
import { whyUnchanged } from './host-endpoint-change.ts';
import { jobStart } from './job-start.run.ts';
import { keepProtecting } from './keep-protecting.run.ts';
import { openRun } from './open-run.ts';
import { withRolloutFeed, type RolloutFeed } from '../../calico/rollout-feed.ts';
import { workloadOf } from './workload-params.ts';

type Params = Parameters<StepRun<typeof calicoRolloutWatch.params>>[0];

/** An interruption (the context's signal) leaves the rollout alone: the next Pod goes on watching. */
export const runCalicoRolloutWatch: StepRun<typeof calicoRolloutWatch.params> = async (params, context) => {
  const workload = workloadOf(params);
  const { plan } = context.identity;
  const { record, approvals } = await context.record.read();
  const standing = standingFreeze(record, approvals, plan);
  if (standing) return freeze(context, workload, standing.reason);

  const found = await assess(context.cluster, workload, { plan, from: params.from, to: params.to }, record);
  if (found.due === 'done') return { outcome: 'already', message: found.reason };
  const { run } = await openRun(context, params, found);
  const protecting = await protectionOf(params, context, found, run?.startVersion ?? params.from);
  const { verdict, rollout, daemonSet } = await beside(protecting, context.signal, () =>
    withRolloutFeed(context.cluster, workload, context.signal, (feed) => untilDecided(feed, params, context)),
  );
  if (verdict.verdict === 'freeze') return freeze(context, workload, await reasonOf(verdict.reason, context, workload, rollout));
  if (verdict.verdict === 'fail') return failure(verdict.reason, rollout, workload);
  if (daemonSet) await unmarkFreeze(context, workload, daemonSet);
  return { outcome: 'done', message: `${params.to} is rolled out: ${rollout?.message ?? ''}` };
};

/** What goes on beside the watch: nothing, where the upgrade changes nothing for host endpoints. */
async function protectionOf(params: Params, context: StepContext, found: Assessment, startVersion: string): Promise<(signal: AbortSignal) => Promise<void>> {
  const isNeeded = whyUnchanged(params, found) === undefined;
  const { api } = isNeeded ? await openCalico(context.cluster, { namespace: params.namespace, reader: params.to, writer: startVersion }) : {};
  return api ? (signal) => keepProtecting(context, api, signal) : async () => {};
}

interface Decided {
  readonly verdict: Exclude<RolloutVerdict, { verdict: 'wait' }>;
  readonly rollout: Rollout | undefined;
  readonly daemonSet: DaemonSet | undefined;
}

async function untilDecided(feed: RolloutFeed, params: Params, context: StepContext): Promise<Decided> {
  const { clock, signal, report } = context;
  const deadlineAt = (await jobStart(context)) + params.rolloutSeconds * 1000;
  report.event('deadline', `waits for the rollout until ${new Date(deadlineAt).toISOString()}; whoever waits for this Job has to wait as long`, { seconds: params.rolloutSeconds });
  const patience = { deadlineAt, stall: params.stallSeconds * 1000, settle: params.settleSeconds * 1000 };
  let moved = { key: '', at: clock.now() };
  for (;;) {
    const change = feed.changed();
    if (!feed.ready) {
      await changedOr(change, patience.settle, clock, signal);
      continue;
    }
    const { daemonSet } = feed;
    const rollout = daemonSet ? rolloutState(daemonSet, feed.pods, { container: params.container, version: params.to }) : undefined;
    const key = progressKey(rollout, feed.pods.map(({ metadata }) => metadata.uid));
    if (key !== moved.key) {
      moved = { key, at: clock.now() };
      if (rollout) report.event('rollout', rollout.message, { state: rollout.state, desired: rollout.desired, updated: rollout.updated, available: rollout.available });
    }
    if (daemonSet && rollout?.templateOnTarget) await dropLeftovers(context, workloadOf(params), daemonSet, params.containers);
    const verdict = judgeRollout(rollout, { ...patience, now: clock.now(), movedAt: moved.at });
    if (verdict.verdict !== 'wait') return { verdict, rollout, daemonSet };
    await changedOr(change, verdict.milliseconds, clock, signal);
  }
}

async function reasonOf(reason: string, context: StepContext, { namespace }: Workload, rollout: Rollout | undefined): Promise<string> {
  const diagnosis = await diagnose(context, namespace, rollout?.troubles ?? []);
  return diagnosis === '' ? reason : `${reason}\n${diagnosis}`;
}

async function freeze(context: StepContext, workload: Workload, reason: string): Promise<StepResult> {
  const name = `DaemonSet ${workload.namespace}/${workload.daemonset}`;
  const ours = await freezeRollout(context, workload, reason);
  if (!ours) {
    return { outcome: 'failed', exitCode: 30, message: `another plan has taken over; ${name} was left alone: ${reason}`, next: 'look at the newest sync' };
  }
  context.report.event('frozen', `${name} is frozen`, { workload: `${workload.namespace}/${workload.daemonset}` });
  return {
    outcome: 'failed',
    exitCode: 30,
    message: `the rollout of ${name} is frozen: ${reason}`,
    next: `commit a corrected spec, or mend the cause and run \`hookwave approve ${context.identity.upgrade} --retry\``,
  };
}

const NEXT: Readonly<Record<string, string>> = {
  'not-applied': 'look whether the sync has applied the DaemonSet, and whether a patch in the spec changes its image',
  'on-delete': 'set spec.updateStrategy of the DaemonSet to RollingUpdate, in the manifest or by a patch in the spec, then sync again',
  'never-scheduled': 'check the node selector of the DaemonSet and the nodes, then sync again',
};

function failure(reason: string, rollout: Rollout | undefined, { namespace, daemonset }: Workload): StepResult {
  const next = NEXT[rollout?.state ?? ''] ?? 'look whether the sync has applied the DaemonSet';
  return { outcome: 'failed', exitCode: 30, message: `DaemonSet ${namespace}/${daemonset}: ${reason}`, next };
}
