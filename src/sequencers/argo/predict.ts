import type { Manifest } from '../manifests/manifest.ts';
import { identityOf } from '../manifests/scope.ts';
import type { Judge, Moment, Prediction } from '../prediction.ts';
import { createdNamespace } from './created-namespace.ts';
import type { SyncPhase } from './position.ts';
import { SyncState } from './sync-state.ts';
import { tasksOf, type Task } from './tasks.ts';

/** Where a sync is: in a wave; creating the application's namespace before anything else; after the last wave; or after a failure. */
export type SyncMoment = { readonly phase: SyncPhase; readonly wave: number } | 'namespace' | 'success' | 'failure';

export interface ArgoOptions {
  /** Destination namespace of the Application, for objects that name none. @default default */
  readonly namespace?: string;
  /** What the Application has in the cluster before the sync, with their namespaces, hooks of earlier syncs included. @default nothing */
  readonly live?: readonly Manifest[];
  /** Whether the sync prunes. @default true */
  readonly prune?: boolean;
  /** The Application's sync option `PruneLast=true`. @default false */
  readonly pruneLast?: boolean;
  /** The Application's sync option `CreateNamespace=true`. @default false */
  readonly createNamespace?: boolean;
  /** Which hooks fail and which objects get degraded. @default none */
  readonly failing?: Judge;
  /** Commit; a part of names made from `generateName`. @default seven zeros */
  readonly revision?: string;
  /** Start of the operation, seconds since 1970; a part of the same names. @default 0 */
  readonly startedAt?: number;
}

/**
 * Predicts a sync of Argo CD: which objects it applies and deletes, in which order, and where it waits. It plays the engine's own loop (argo-cd v3.2,
 * gitops-engine pkg/sync/sync_context.go, `Sync`), with objects that settle as soon as they are waited for. Every apply is taken to be accepted by the API server.
 * A set with two objects of one identity is predicted as Argo CD reads it: the last one counts (controller/state.go).
 */
export function predictArgo(objects: readonly Manifest[], options: ArgoOptions = {}): Prediction<SyncMoment> {
  const { namespace = 'default', live = [], prune = true, pruneLast = false, createNamespace = false, failing = () => false, revision = '0000000', startedAt = 0 } = options;
  const targets = lastOfEach(objects, namespace);
  const created = createNamespace ? createdNamespace(targets, namespace) : [];
  const state = new SyncState(new Map(live.map((one) => [identityOf(one, namespace), one])), { prune, failing });
  const moments: Moment<SyncMoment>[] = [];
  let isCreated = false;
  for (;;) {
    const wanted = isCreated || created.some((one) => state.live.has(identityOf(one))) ? targets : [...targets, ...created];
    const tasks = tasksOf(wanted, state.live, { namespace, revision, startedAt, pruneLast });
    wait(moments, tasks, state);
    const step = nextStep(tasks, state, namespace);
    moments.push(...step.moments);
    // The application does not track it.
    if (wanted !== targets) isCreated = created.some((one) => state.live.delete(identityOf(one)));
    if (step.outcome) return { moments: joined(moments), outcome: step.outcome, ...(step.reason && { reason: step.reason }) };
  }
}

function lastOfEach(objects: readonly Manifest[], namespace: string): readonly Manifest[] {
  return [...new Map(objects.map((object, index) => [object.name ? identityOf(object, namespace) : index, object])).values()];
}

/** Hooks are always waited for, other objects only where the sync has more than one phase or wave. */
function wait(moments: Moment<SyncMoment>[], tasks: readonly Task[], state: SyncState): void {
  const running = tasks.filter((task) => state.isRunning(task) && (task.isHook || isMultiStep(tasks)));
  const last = moments.at(-1);
  if (!last || running.length === 0) return;
  state.settle(running);
  const waitsFor = [...(running.some(({ isHook }) => isHook) ? (['hooks'] as const) : []), ...(running.some(({ isHook }) => !isHook) ? (['health'] as const) : [])];
  moments[moments.length - 1] = { ...last, waitsFor };
}

interface Step {
  readonly moments: readonly Moment<SyncMoment>[];
  readonly outcome?: Prediction<SyncMoment>['outcome'];
  readonly reason?: string;
}

/** One call of the engine's `Sync`. */
function nextStep(tasks: readonly Task[], state: SyncState, namespace: string): Step {
  const hooks = state.liveHooks(tasks);
  const early = state.isNew ? ownNamespace(tasks, state, namespace) : [];
  const before: Moment<SyncMoment>[] = early.length > 0 ? [{ at: 'namespace', groups: state.apply(early), waitsFor: [] }] : [];
  if (early.some(({ isHook }) => isHook || isMultiStep(tasks))) return { moments: before };
  const [rescue, ordinary] = [tasks.filter(({ phase }) => phase === 'SyncFail'), tasks.filter(({ phase }) => phase !== 'SyncFail')];
  const failed = ordinary.filter((task) => state.hasFailed(task));
  if (failed.length > 0) return afterFailure({ failed, rescue, hooks }, state);
  const pending = ordinary.filter((task) => !state.isDone(task));
  const first = pending[0];
  if (!first) return succeeded(before, hooks, state);
  const wave = pending.filter((task) => !isOther(task, first));
  const { groups, isPending, isBlocked } = state.run(wave);
  if (isBlocked) return { moments: before, outcome: 'stuck', reason: 'an object with Prune=confirm waits for its confirmation' };
  const moments: readonly Moment<SyncMoment>[] = [...before, { at: { phase: first.phase, wave: first.wave }, groups, waitsFor: [] }];
  const isLast = !isPending && pending.length === wave.length && wave.every(({ isHook }) => !isHook);
  return isLast ? succeeded(moments, hooks, state) : { moments };
}

/** The application's namespace is created before the dry run, where it stands among the objects and does not exist. */
function ownNamespace(tasks: readonly Task[], state: SyncState, namespace: string): readonly Task[] {
  return tasks.filter((task) => task.object.kind === 'Namespace' && task.object.group === '' && task.name === namespace && !task.isPrune && !state.live.has(task.id)).slice(0, 1);
}

function isMultiStep(tasks: readonly Task[]): boolean {
  return isOther(tasks[0], tasks.at(-1));
}

function isOther(a: Task | undefined, b: Task | undefined): boolean {
  return a?.phase !== b?.phase || a?.wave !== b?.wave;
}

interface Failure {
  readonly failed: readonly Task[];
  readonly rescue: readonly Task[];
  /** Of all phases, that exist. */
  readonly hooks: readonly Task[];
}

/** The `SyncFail` hooks run all at once: their waves only sort them. */
function afterFailure({ failed, rescue, hooks }: Failure, state: SyncState): Step {
  const deleted = state.deleteByPolicy(hooks, 'HookFailed');
  const isOver = rescue.every((task) => state.isDone(task));
  const groups = [...deleted, ...(isOver ? [] : state.run(rescue).groups)];
  const moments = groups.length > 0 ? [{ at: 'failure', groups, waitsFor: [] } as const] : [];
  return isOver ? { moments, outcome: 'failed', reason: failed.map(({ object, name }) => `${object.kind} ${name} failed`).join(', ') } : { moments };
}

function succeeded(before: readonly Moment<SyncMoment>[], hooks: readonly Task[], state: SyncState): Step {
  const groups = state.deleteByPolicy(hooks, 'HookSucceeded');
  return { moments: [...before, ...(groups.length > 0 ? [{ at: 'success', groups, waitsFor: [] } as const] : [])], outcome: 'succeeded' };
}

/** A wave in which hooks had to be deleted first took two steps. */
function joined(moments: readonly Moment<SyncMoment>[]): readonly Moment<SyncMoment>[] {
  const all: Moment<SyncMoment>[] = [];
  for (const moment of moments) {
    const last = all.at(-1);
    if (last && last.waitsFor.length === 0 && JSON.stringify(last.at) === JSON.stringify(moment.at)) all[all.length - 1] = { ...moment, groups: [...last.groups, ...moment.groups] };
    else all.push(moment);
  }
  return all.filter(({ groups }) => groups.length > 0);
}
