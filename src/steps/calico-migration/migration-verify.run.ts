import { deploymentState } from '../../calico/deployment-rollout.ts';
import { podsOf } from '../../calico/install.ts';
import { rolloutGap, type Gap } from '../../calico/proof.ts';
import { rolloutState } from '../../calico/rollout.ts';
import { labelsOf, type DaemonSet, type Deployment, type Pod } from '../../calico/workloads.ts';
import { DAEMON_SETS, DEPLOYMENTS, PODS } from '../../kube/resources.ts';
import type { Migration } from '../../migrate/contract.ts';
import { endRun } from '../rollout/end-run.ts';
import { standingFreeze } from '../rollout/frozen.ts';
import { describeGaps, unproved, untilProved } from '../rollout/until-proved.run.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import type { migrationVerify } from './migration-verify.ts';
import { withMigration } from './with-migration.run.ts';

type Params = Parameters<StepRun<typeof migrationVerify.params>>[0];

/** etcd and Pods, which move before the status of their workload does. Milliseconds. */
const LOOK_INTERVAL = 3000;

export const runMigrationVerify: StepRun<typeof migrationVerify.params> = (params, context) => withMigration(context, (migration) => prove(params, context, migration));

type Readable = Pick<Migration, 'status'>;

export async function prove(params: Params, context: StepContext, migration: Readable): Promise<StepResult> {
  const { run } = (await context.record.read()).record;
  const gaps = await look(params, context, migration);
  const what = params.direction === 'abort' ? `the migration is aborted and everything runs ${params.to}` : `the migration is complete and everything runs ${params.to}`;
  if (run?.plan === context.identity.plan && run.state === 'done' && gaps.length === 0) return { outcome: 'already', message: what };
  const left = await untilProved({ look: () => look(params, context, migration), lookInterval: LOOK_INTERVAL }, params, context);
  if (left.length > 0) return unproved(await describeGaps(left, params, context));
  await context.record.update((current) => endRun(current, { ...params, startVersion: params.from }, context));
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
  return rolloutGap(`DaemonSet ${daemonset}`, rolloutState(daemonSet, await podsOf(cluster, daemonSet), { container, version: to }));
}

/** The controllers have releases of their own; what counts is that the applied template runs. */
async function deploymentGap(name: string, { namespace }: Params, { cluster }: StepContext): Promise<readonly Gap[]> {
  const deployment = await cluster.get<Deployment>(DEPLOYMENTS, name, namespace);
  if (!deployment) return [{ message: `Deployment ${name} does not exist`, troubles: [] }];
  const pods = await cluster.list<Pod>(PODS, { namespace, labels: labelsOf(deployment.spec.selector) });
  return rolloutGap(`Deployment ${name}`, deploymentState(deployment, pods));
}
