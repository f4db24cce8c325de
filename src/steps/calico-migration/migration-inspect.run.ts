import { rolloutState } from '../../calico/rollout.ts';
import type { DaemonSet, Pod } from '../../calico/workloads.ts';
import { podsOf } from '../../calico/install.ts';
import { isFailure, reportEntry, type Outcome } from '../../calico/migration/index.ts';
import { DAEMON_SETS } from '../../kube/resources.ts';
import { type Migration, MigrationError, type MigrationStatus, type Validation } from '../../migrate/contract.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import type { migrationInspect } from './migration-inspect.ts';
import { withMigration } from './with-migration.run.ts';

type Params = Parameters<StepRun<typeof migrationInspect.params>>[0];

export const runMigrationInspect: StepRun<typeof migrationInspect.params> = (params, context) => withMigration(context, (migration) => inspect(params, context, migration));

export async function inspect(params: Params, context: StepContext, migration: Pick<Migration, 'status' | 'dryRun'>): Promise<StepResult> {
  const status = await migration.status().catch(orUndefinedIfDenied);
  // A user who may not use the state keys has begun nothing; the dry run says what to grant, beside everything else.
  if (!status && !params.finished) return dryRun(migration, context);
  if (!status) return { outcome: 'failed', exitCode: 10, message: 'the spec says finished, but the migration is not begun', next: 'take `finished: true` away' };
  if (params.direction === 'abort') return wayBack(status);
  if (params.finished) return whetherFinished(params, status, context);
  const { state, needed } = status;
  if (state.phase === 'migrated') return { outcome: 'already', message: `the data are migrated since ${state.changedAt ?? 'some time'}; the completion is due` };
  if (state.phase === 'complete') return { outcome: 'already', message: `the migration is complete since ${state.changedAt ?? 'some time'}` };
  if (state.phase === 'started' && state.owner !== undefined) return { outcome: 'already', message: `${state.owner} is migrating the data` };
  if (!needed) return { outcome: 'already', message: 'there is nothing to migrate: the v3 datastore is in use, or there are no v1 data' };
  return dryRun(migration, context);
}

function orUndefinedIfDenied(error: unknown): undefined {
  if (error instanceof MigrationError && error.reason === 'denied') return undefined;
  throw error;
}

function wayBack({ state: { phase } }: MigrationStatus): StepResult {
  if (phase !== 'complete') return { outcome: 'already', message: phase === 'aborted' ? 'the migration is aborted' : `the migration is ${phase === 'none' ? 'not begun' : phase}: it can be aborted` };
  return { outcome: 'failed', exitCode: 10, message: 'the migration is complete: Calico v3 has written data since, and there is no way back', next: 'revert the commit that set `direction: abort`' };
}

async function whetherFinished(params: Params, { state }: MigrationStatus, { record, cluster, identity }: StepContext): Promise<StepResult> {
  const next = 'take `finished: true` away, and set it when the sync before has ended well';
  if (state.phase !== 'complete') return { outcome: 'failed', exitCode: 10, message: `the spec says finished, but the migration is ${state.phase === 'none' ? 'not begun' : state.phase}`, next };
  const { run } = (await record.read()).record;
  if (run && (run.plan !== identity.plan || run.state !== 'done')) return { outcome: 'failed', exitCode: 10, message: `the spec says finished, but the run record says ${run.state} for plan ${run.plan}, and this is plan ${identity.plan}`, next };
  const daemonSet = await cluster.get<DaemonSet>(DAEMON_SETS, params.daemonset, params.namespace);
  const pods: readonly Pod[] = daemonSet ? await podsOf(cluster, daemonSet) : [];
  const rollout = daemonSet && rolloutState(daemonSet, pods, { container: params.container, version: params.to });
  if (rollout?.templateOnTarget && rollout.onTarget === rollout.pods) return { outcome: 'already', message: 'complete, and every calico-node runs the new release' };
  return { outcome: 'failed', exitCode: 10, message: `the spec says finished, but calico-node is not: ${rollout?.message ?? 'there is no DaemonSet'}`, next };
}

/** The run record is one ConfigMap for all steps. */
const MAX_LINES = 20;
const MAX_CHARACTERS = 3000;

async function dryRun(migration: Pick<Migration, 'dryRun'>, context: StepContext): Promise<StepResult> {
  const [failures, skipped]: [string[], string[]] = [[], []];
  const note = (outcome: Outcome): void => {
    const lines = isFailure(outcome) ? failures : outcome.is === 'skipped' ? skipped : undefined;
    if (!lines) return;
    const line = lineOf(outcome);
    context.report.event(isFailure(outcome) ? 'refused' : 'skipped', line, isFailure(outcome) ? { level: 'error' } : {});
    if (lines.length < MAX_LINES) lines.push(line);
  };
  const progress = ({ message, done }: { readonly message: string; readonly done?: number }): void => context.report.event('progress', done === undefined ? message : `${message}: ${done}`);
  const validation = await migration.dryRun({ signal: context.signal, outcome: note, progress });
  const problems = problemsOf(validation);
  const counts = `${validation.converted} objects can be migrated, ${validation.skipped} are skipped, ${validation.failures} are refused`;
  if (problems.length === 0) return { outcome: 'done', message: short([counts, ...listed(skipped, validation.skipped)]) };
  return { outcome: 'failed', exitCode: 10, message: short([counts, ...problems, ...listed(failures, validation.failures)]), next: 'mend each of them in the v1 datastore or in etcd; nothing has changed so far. The log of this container has all lines' };
}

function problemsOf({ failures, destinationDirty, stateDenied }: Validation): readonly string[] {
  return [
    ...(failures > 0 ? ['data in the v1 datastore cannot be converted'] : []),
    ...(destinationDirty ? ['the v3 datastore is not clean: it holds keys below /calico/ that no migration of hookwave has written; look at them, then remove them'] : []),
    ...(stateDenied === undefined ? [] : [stateDenied]),
  ];
}

function lineOf(outcome: Outcome): string {
  return (reportEntry(outcome, () => '')?.text ?? '').trim().replace(/\s*\n\s*/g, '; ').replace(/; v3 resource:.*$/, '');
}

function listed(lines: readonly string[], all: number): readonly string[] {
  return [...lines.map((line) => `- ${line}`), ...(all > lines.length ? [`- and ${all - lines.length} more`] : [])];
}

function short(lines: readonly string[]): string {
  const text = lines.join('\n');
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS)}...`;
}
