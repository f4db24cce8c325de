import { whyNotStarted } from '../../calico/why-not-started.ts';
import { type Judge, judgeLater, judgeRollout, type RolloutTimes, type RolloutVerdict } from '../../calico/rollout-verdict.ts';
import type { Workload } from '../../calico/workloads.ts';
import type { Migration } from '../../migrate/contract.ts';
import { withDiagnosis } from '../rollout/diagnosis.ts';
import { afterFreeze, freezeRollout, unmarkFreeze } from '../rollout/freeze.run.ts';
import { standingFreeze } from '../rollout/frozen.ts';
import { openRun } from '../rollout/open-run.ts';
import { orFreeze, watchRollout, type Watcher } from '../rollout/watch-rollout.run.ts';
import { workloadOf } from '../rollout/workload-params.ts';
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
  const isDone = record.run?.plan === plan && record.run.state === 'done';
  if (!isDone) await openRun(context, params, params.from);
  return watch(params, context, migration, isDone ? judgeLater() : judgeRollout);
}

async function watch(params: Params, context: StepContext, migration: Completable, judge: Judge): Promise<StepResult> {
  const workload = workloadOf(params);
  const { verdict, rollout, daemonSet } = await orFreeze(params, context, () => watchRollout(params, context, completing(openCompletion(migration, params.direction, context), params, judge)));
  if (verdict.verdict === 'freeze') return freeze(context, workload, await withDiagnosis(verdict.reason, context, params.namespace, rollout?.troubles ?? []));
  if (verdict.verdict === 'fail') return { outcome: 'failed', exitCode: 30, message: `the rollout cannot go on: ${verdict.reason}`, next: 'mend what the message names and sync again' };
  if (daemonSet) await unmarkFreeze(context, workload, daemonSet);
  const { run } = (await context.record.read()).record;
  return { outcome: run?.state === 'done' ? 'already' : 'done', message: `${params.direction === 'abort' ? 'gone back' : 'migrated'}: ${rollout?.message ?? ''}` };
}

function completing(completion: Completion, { container, to }: Params, judge: Judge): Watcher {
  return {
    others: async ({ daemonSet, pods }) => {
      await completion.advance(daemonSet ? whyNotStarted(daemonSet, pods, { container, version: to }) : 'there is no DaemonSet');
      return { migration: completion.key };
    },
    judge: (rollout, times) => {
      const verdict = verdictOf(completion, times, judge(rollout, times));
      return verdict.verdict === 'wait' ? { ...verdict, milliseconds: Math.min(verdict.milliseconds, completion.lookAgainMs) } : verdict;
    },
  };
}

/** A rollout that is complete while the migration is not has calico-nodes that don't say when they are not ready; the migration counts, too. */
function verdictOf(completion: Completion, times: RolloutTimes, verdict: RolloutVerdict): RolloutVerdict {
  if (completion.failure !== undefined) return { verdict: 'freeze', reason: completion.failure };
  if (verdict.verdict !== 'complete' || completion.isDone) return verdict.verdict === 'freeze' || verdict.verdict === 'fail' ? { ...verdict, reason: `${verdict.reason}; ${completion.message}` } : verdict;
  const late = times.now >= times.deadlineAt || times.now >= times.movedAt + times.stall;
  return late ? { verdict: 'freeze', reason: completion.message } : { verdict: 'wait', milliseconds: completion.lookAgainMs };
}

async function freeze(context: StepContext, workload: Workload, reason: string): Promise<StepResult> {
  const name = `DaemonSet ${workload.namespace}/${workload.daemonset}`;
  if (!(await freezeRollout(context, workload, reason))) {
    return { outcome: 'failed', exitCode: 30, message: `another plan has taken over; ${name} was left alone: ${reason}`, next: 'look at the newest sync' };
  }
  return { outcome: 'failed', exitCode: 30, message: `froze the rollout of ${name}: ${reason}`, next: await afterFreeze(context, ', or go back with `direction: abort`') };
}
