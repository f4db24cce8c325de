import { podsOf } from '../../calico/install.ts';
import { deploymentState } from '../../calico/deployment-rollout.ts';
import { rolloutState } from '../../calico/rollout.ts';
import type { PodTrouble } from '../../calico/pod-reasons.ts';
import { withChanges } from '../../calico/with-changes.ts';
import { labelsOf, type DaemonSet, type Deployment, type Pod } from '../../calico/workloads.ts';
import { DAEMON_SETS, DEPLOYMENTS, PODS } from '../../kube/resources.ts';
import type { Migration } from '../../migrate/contract.ts';
import { beginRun, finishRun, type RunRecord } from '../../plan/record.ts';
import { changedOr } from '../calico/changed-or.ts';
import { diagnose } from '../calico/diagnosis.ts';
import { standingFreeze } from '../calico/frozen.ts';
import { jobStart } from '../calico/job-start.run.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import type { migrationVerify } from './migration-verify.ts';
import { withMigration } from './with-migration.run.ts';

type Params = Parameters<StepRun<typeof migrationVerify.params>>[0];

/** Something that is not as it should be. */
interface Gap {
  readonly message: string;
  readonly troubles: readonly PodTrouble[];
  /** Waiting does not mend it. */
  readonly final?: boolean;
}

export const runMigrationVerify: StepRun<typeof migrationVerify.params> = (params, context) => withMigration(context, (migration) => prove(params, context, migration));

type Readable = Pick<Migration, 'status'>;

export async function prove(params: Params, context: StepContext, migration: Readable): Promise<StepResult> {
  const { run } = (await context.record.read()).record;
  const gaps = await look(params, context, migration);
  const what = params.direction === 'abort' ? `the migration is aborted and everything runs ${params.to}` : `the migration is complete and everything runs ${params.to}`;
  if (run?.plan === context.identity.plan && run.state === 'done' && gaps.length === 0) return { outcome: 'already', message: what };
  const selections = [
    [DAEMON_SETS, { namespace: params.namespace, fields: `metadata.name=${params.daemonset}` }] as const,
    ...params.deployments.map((name) => [DEPLOYMENTS, { namespace: params.namespace, fields: `metadata.name=${name}` }] as const),
  ];
  const left = await withChanges(context.cluster, selections, context.signal, (changes) => untilProved(changes, params, context, migration));
  if (left.length > 0) return failure(left, params, context);
  await context.record.update((current) => finish(current, params, context));
  return { outcome: 'done', message: `${what}, on two looks ${params.stableSeconds} s apart` };
}

async function look(params: Params, context: StepContext, migration: Readable): Promise<readonly Gap[]> {
  const [state, node, deployments] = await Promise.all([
    migrationGap(params, migration),
    nodeGap(params, context),
    Promise.all(params.deployments.map((name) => deploymentGap(name, params, context))),
  ]);
  return [...(await frozenGap(context)), ...state, ...node, ...deployments.flat()];
}

/** Under Helm this runs beside the watch of the rollout, too: what that one has given up does not come any more. */
async function frozenGap({ record, identity }: StepContext): Promise<readonly Gap[]> {
  const { record: found, approvals } = await record.read();
  const freeze = standingFreeze(found, approvals, identity.plan);
  return freeze ? [{ message: `the rollout was frozen: ${freeze.reason}`, troubles: [], final: true }] : [];
}

async function migrationGap({ direction }: Params, migration: Readable): Promise<readonly Gap[]> {
  const { state, needed } = await migration.status();
  const isRight = direction === 'abort' ? state.phase === 'aborted' || (state.phase === 'none' && needed) : state.phase === 'complete' || (state.phase === 'none' && !needed);
  return isRight ? [] : [{ message: `the migration is ${state.phase === 'none' ? 'not begun' : state.phase}, not ${direction === 'abort' ? 'aborted' : 'complete'}`, troubles: [] }];
}

async function nodeGap({ namespace, daemonset, container, to }: Params, { cluster }: StepContext): Promise<readonly Gap[]> {
  const daemonSet = await cluster.get<DaemonSet>(DAEMON_SETS, daemonset, namespace);
  if (!daemonSet) return [{ message: `DaemonSet ${daemonset} does not exist`, troubles: [] }];
  const { state, message, troubles } = rolloutState(daemonSet, await podsOf(cluster, daemonSet), { container, version: to });
  return state === 'complete' ? [] : [{ message: `DaemonSet ${daemonset} is ${state}: ${message}`, troubles }];
}

/** The controllers have releases of their own; what counts is that the applied template runs. */
async function deploymentGap(name: string, { namespace }: Params, { cluster }: StepContext): Promise<readonly Gap[]> {
  const deployment = await cluster.get<Deployment>(DEPLOYMENTS, name, namespace);
  if (!deployment) return [{ message: `Deployment ${name} does not exist`, troubles: [] }];
  const pods = await cluster.list<Pod>(PODS, { namespace, labels: labelsOf(deployment.spec.selector) });
  const { state, message, troubles } = deploymentState(deployment, pods);
  return state === 'complete' ? [] : [{ message: `Deployment ${name} is ${state}: ${message}`, troubles }];
}

/** What no watch here tells: etcd, and Pods, which move before the status of their workload does. Milliseconds. */
const LOOK_INTERVAL = 3000;

/** Two looks without a gap, `stableSeconds` apart. @returns the gaps that are left at the timeout */
async function untilProved(changes: { next(): Promise<void> }, params: Params, context: StepContext, migration: Readable): Promise<readonly Gap[]> {
  const { clock, signal, report } = context;
  const timeoutAt = (await jobStart(context)) + params.timeoutSeconds * 1000;
  for (let reported = ''; ; ) {
    const change = changes.next();
    const found = await look(params, context, migration);
    if (found.length === 0) {
      await clock.sleep(params.stableSeconds * 1000, signal);
      const again = await look(params, context, migration);
      if (again.length === 0) return [];
      if (clock.now() >= timeoutAt) return again;
      continue;
    }
    if (clock.now() >= timeoutAt || found.some(({ final }) => final)) return found;
    const text = found.map(({ message }) => message).join('; ');
    if (text !== reported) report.event('waits', text);
    reported = text;
    await changedOr(change, Math.min(LOOK_INTERVAL, timeoutAt - clock.now()), clock, signal);
  }
}

/** Also a plan whose hooks were skipped ends as a run of its own. */
function finish(current: RunRecord, { from, to }: Params, { identity, clock }: StepContext): RunRecord {
  const at = new Date(clock.now()).toISOString();
  const open = current.run?.plan === identity.plan ? current : beginRun(current, { plan: identity.plan, from, to, startedAt: at, startVersion: from });
  return finishRun(open, at);
}

async function failure(left: readonly Gap[], { namespace }: Params, context: StepContext): Promise<StepResult> {
  const diagnosis = await diagnose(context, namespace, left.flatMap(({ troubles }) => troubles));
  const lines = left.map(({ message }) => message).join('\n');
  return { outcome: 'failed', exitCode: 30, message: diagnosis === '' ? lines : `${lines}\n${diagnosis}`, next: 'mend what the message names and sync again, or commit a corrected spec' };
}
