import { rolloutState, type Rollout } from '../../calico/rollout.ts';
import { judgeRollout, progressKey, type RolloutVerdict } from '../../calico/rollout-verdict.ts';
import { withRolloutFeed, type RolloutFeed } from '../../calico/rollout-feed.ts';
import { whyNotStarted } from '../../calico/migration-rollout.ts';
import type { DaemonSet, Workload } from '../../calico/workloads.ts';
import type { Migration } from '../../migrate/contract.ts';
import { beginRun } from '../../plan/record.ts';
import { changedOr } from '../calico/changed-or.ts';
import { diagnose } from '../calico/diagnosis.ts';
import { freezeRollout, unmarkFreeze } from '../calico/freeze.run.ts';
import { standingFreeze } from '../calico/frozen.ts';
import { jobStart } from '../calico/job-start.run.ts';
import { workloadOf } from '../calico/workload-params.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import { openCompletion, type Completion } from './completion.run.ts';
import type { migrationRollout } from './migration-rollout.ts';
import { withMigration } from './with-migration.run.ts';

type Params = Parameters<StepRun<typeof migrationRollout.params>>[0];

/** An interruption (the context's signal) leaves the rollout alone: the next Pod goes on watching. */
export const runMigrationRollout: StepRun<typeof migrationRollout.params> = (params, context) =>
  withMigration(context, (migration) => rollOut(params, context, migration));

type Completable = Pick<Migration, 'status' | 'complete'>;

export async function rollOut(params: Params, context: StepContext, migration: Completable): Promise<StepResult> {
  const { record, approvals } = await context.record.read();
  const { plan } = context.identity;
  const standing = standingFreeze(record, approvals, plan);
  if (standing) return freeze(context, workloadOf(params), standing.reason);
  if (record.run?.plan !== plan || record.run.state !== 'done') await openRun(params, context);
  return watch(params, context, migration);
}

async function openRun({ from, to, namespace, daemonset }: Params, { record, identity, clock }: StepContext): Promise<void> {
  const run = { plan: identity.plan, from, to, workload: `${namespace}/${daemonset}`, startedAt: new Date(clock.now()).toISOString(), startVersion: from };
  await record.update((current) => (current.run?.plan === identity.plan && current.run.state === 'running' ? current : beginRun(current, run)));
}

async function watch(params: Params, context: StepContext, migration: Completable): Promise<StepResult> {
  const workload = workloadOf(params);
  const { verdict, rollout, daemonSet } = await withRolloutFeed(context.cluster, workload, context.signal, (feed) => untilDecided(feed, params, context, migration));
  if (verdict.verdict === 'freeze') return freeze(context, workload, await reasonOf(verdict.reason, context, workload, rollout));
  if (verdict.verdict === 'fail') return { outcome: 'failed', exitCode: 30, message: `the rollout cannot go on: ${verdict.reason}`, next: 'mend what the message names and sync again' };
  if (daemonSet) await unmarkFreeze(context, workload, daemonSet);
  const { run } = (await context.record.read()).record;
  return { outcome: run?.state === 'done' ? 'already' : 'done', message: `${params.direction === 'abort' ? 'gone back' : 'migrated'}: ${rollout?.message ?? ''}` };
}

interface Decided {
  readonly verdict: Exclude<RolloutVerdict, { verdict: 'wait' }>;
  readonly rollout: Rollout | undefined;
  readonly daemonSet: DaemonSet | undefined;
}

async function untilDecided(feed: RolloutFeed, params: Params, context: StepContext, migration: Completable): Promise<Decided> {
  const { clock, signal, report } = context;
  const deadlineAt = (await jobStart(context)) + params.rolloutSeconds * 1000;
  report.event('deadline', `waits for the rollout until ${new Date(deadlineAt).toISOString()}; whoever waits for this Job has to wait as long`, { seconds: params.rolloutSeconds });
  const patience = { deadlineAt, stall: params.stallSeconds * 1000, settle: params.settleSeconds * 1000 };
  const expected = { container: params.container, version: params.to };
  const completion = openCompletion(migration, params.direction, context);
  let moved = { key: '', at: clock.now() };
  for (;;) {
    const change = feed.changed();
    if (!feed.ready) {
      await changedOr(change, patience.settle, clock, signal);
      continue;
    }
    const { daemonSet, pods } = feed;
    const rollout = daemonSet ? rolloutState(daemonSet, pods, expected) : undefined;
    await completion.advance(daemonSet ? whyNotStarted(daemonSet, pods, expected) : 'there is no DaemonSet');
    const key = `${progressKey(rollout, pods.map(({ metadata }) => metadata.uid))} ${completion.key}`;
    if (key !== moved.key) {
      moved = { key, at: clock.now() };
      if (rollout) report.event('rollout', rollout.message, { state: rollout.state, desired: rollout.desired, updated: rollout.updated, available: rollout.available, migration: completion.key });
    }
    const verdict = verdictOf(completion, rollout, { ...patience, now: clock.now(), movedAt: moved.at });
    if (verdict.verdict !== 'wait') return { verdict, rollout, daemonSet };
    await changedOr(change, Math.min(verdict.milliseconds, completion.lookAgainMs), clock, signal);
  }
}

/** A rollout that is complete while the migration is not has calico-nodes that don't say when they are not ready; the migration counts, too. */
function verdictOf(completion: Completion, rollout: Rollout | undefined, times: Parameters<typeof judgeRollout>[1]): RolloutVerdict {
  if (completion.failure !== undefined) return { verdict: 'freeze', reason: completion.failure };
  const verdict = judgeRollout(rollout, times);
  if (verdict.verdict !== 'complete' || completion.isDone) return verdict.verdict === 'freeze' || verdict.verdict === 'fail' ? { ...verdict, reason: `${verdict.reason}; ${completion.message}` } : verdict;
  const late = times.now >= times.deadlineAt || times.now >= times.movedAt + times.stall;
  return late ? { verdict: 'freeze', reason: completion.message } : { verdict: 'wait', milliseconds: completion.lookAgainMs };
}

async function reasonOf(reason: string, context: StepContext, { namespace }: Workload, rollout: Rollout | undefined): Promise<string> {
  const diagnosis = await diagnose(context, namespace, rollout?.troubles ?? []);
  return diagnosis === '' ? reason : `${reason}\n${diagnosis}`;
}

async function freeze(context: StepContext, workload: Workload, reason: string): Promise<StepResult> {
  const name = `DaemonSet ${workload.namespace}/${workload.daemonset}`;
  if (!(await freezeRollout(context, workload, reason))) {
    return { outcome: 'failed', exitCode: 30, message: `another plan has taken over; ${name} was left alone: ${reason}`, next: 'look at the newest sync' };
  }
  const next = `commit a fix, run \`hookwave approve ${context.identity.upgrade} --retry\`, or go back with \`direction: abort\``;
  return { outcome: 'failed', exitCode: 30, message: `froze the rollout of ${name}: ${reason}`, next };
}
