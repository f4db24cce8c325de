import { carries, isFinished } from '../../calico/rollout.ts';
import { labelsOf, type DaemonSet, type Pod } from '../../calico/workloads.ts';
import { DAEMON_SETS, PODS } from '../../kube/resources.ts';
import type { Migration } from '../../migrate/contract.ts';
import { mayPass } from '../../migrate/transient.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import type { migrationAbort } from './migration-abort.ts';
import { withMigration } from './with-migration.run.ts';

type Params = Parameters<StepRun<typeof migrationAbort.params>>[0];

const PAUSE_MS = 2000;

/** Here `from` is the new release, and `to` the one to go back to. */
export const runMigrationAbort: StepRun<typeof migrationAbort.params> = (params, context) => withMigration(context, (migration) => goBack(params, context, migration));

export async function goBack(params: Params, context: StepContext, migration: Abortable): Promise<StepResult> {
  if (await isComplete(migration)) return { outcome: 'failed', exitCode: 10, message: 'the migration is complete, and there is no way back', next: 'revert the commit that set `direction: abort`' };
  const removed = await removeNewNodes(params, context);
  // Only now does nobody begin any more.
  const { phase } = (await migration.status()).state;
  if (phase === 'none') return { outcome: removed ? 'done' : 'already', message: `no migration has begun, Calico v1 runs${removed ? '; the new calico-node is taken away' : ''}` };
  if (phase === 'aborted' && !removed) return { outcome: 'already', message: 'the migration is aborted' };
  return abort(migration, context);
}

type Abortable = Pick<Migration, 'status' | 'abort'>;

async function isComplete(migration: Abortable): Promise<boolean> {
  return (await migration.status()).state.phase === 'complete';
}

/** A DaemonSet can't be scaled to nothing, and a guard that ran on would take an aborted migration for one that is due. */
async function removeNewNodes({ namespace, daemonset, container, from }: Params, context: StepContext): Promise<boolean> {
  const { cluster, lock, report } = context;
  const daemonSet = await cluster.get<DaemonSet>(DAEMON_SETS, daemonset, namespace);
  const selector = daemonSet && labelsOf(daemonSet.spec.selector);
  const isNew = (one: DaemonSet['spec']['template'] | Pod): boolean => carries(one, { container, version: from });
  if (daemonSet && isNew(daemonSet.spec.template)) {
    await lock.hold(() => cluster.delete(DAEMON_SETS, daemonSet));
    report.event('daemonset-deleted', `deleted DaemonSet ${namespace}/${daemonset} of ${from}; the sync brings the one of before`);
  }
  // Without the DaemonSet its selector is unknown: another Pod of this step has deleted it, so all Pods of the namespace are looked at.
  const left = async (): Promise<readonly Pod[]> => {
    const pods = await cluster.list<Pod>(PODS, { namespace, ...(selector ? { labels: selector } : {}) });
    return pods.filter((pod) => !isFinished(pod) && pod.metadata.ownerReferences?.some(({ kind, name }) => kind === 'DaemonSet' && name === daemonset) && isNew(pod));
  };
  for (let count = -1; ; ) {
    const pods = await left();
    if (pods.length === 0) return daemonSet !== undefined && isNew(daemonSet.spec.template);
    if (pods.length !== count) report.event('waits', `waits for the end of ${pods.length} Pods of ${from}`);
    count = pods.length;
    await context.clock.sleep(PAUSE_MS / 4, context.signal);
  }
}

/** A guard that was killed in the middle holds its lease for some seconds more. */
async function abort(migration: Abortable, context: StepContext): Promise<StepResult> {
  for (let said = ''; ; ) {
    try {
      await migration.abort({ signal: context.signal });
      return { outcome: 'done', message: 'aborted: Calico v1 runs on, the v3 data are marked as stale' };
    } catch (error) {
      if (!mayPass(error) || !(error instanceof Error)) throw error;
      if (error.message !== said) context.report.event('waits', error.message);
      said = error.message;
      await context.clock.sleep(PAUSE_MS, context.signal);
    }
  }
}
