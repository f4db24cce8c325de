import { at, words } from '../manifests/json.ts';
import type { Manifest } from '../manifests/manifest.ts';
import { csv } from '../manifests/reading.ts';
import { identityOf, isClusterScoped } from '../manifests/scope.ts';
import { SYNC_OPTIONS } from './annotations.ts';
import { kindRank } from './kind-order.ts';
import { comparePositions, type Position, type SyncPhase } from './position.ts';

/** One object in one phase of a sync: what Argo CD orders (gitops-engine pkg/sync/sync_task.go). */
export interface Task {
  readonly object: Manifest;
  /** Name under which it is applied; a hook with only a `generateName` gets one made for the phase. */
  readonly name: string;
  readonly phase: SyncPhase;
  readonly wave: number;
  /** Identity of the object in the cluster. */
  readonly id: string;
  /** As Argo CD fills it in: the destination's, for cluster-scoped objects too, but not for what it prunes. */
  readonly namespace: string;
  readonly isHook: boolean;
  readonly isPrune: boolean;
  /** Moved before the first object that needs it. */
  readonly isLifted: boolean;
}

export interface TaskSettings {
  readonly namespace: string;
  readonly revision: string;
  /** Start of the operation, seconds since 1970. */
  readonly startedAt: number;
  readonly pruneLast: boolean;
}

/** All tasks of a sync, in the order in which it takes them (getSyncTasks in sync_context.go, Sort in sync_tasks.go). */
export function tasksOf(targets: readonly Manifest[], live: ReadonlyMap<string, Manifest>, settings: TaskSettings): readonly Task[] {
  const wanted = targets.flatMap((object) => object.argo.phases.map((phase) => targetTask(object, phase, settings)));
  const unwanted = pruneTasks(targets, live, settings);
  const sorted = [...wanted, ...prunedLast(reversed(unwanted), wanted, settings)].sort(compareTasks);
  return lift(lift(sorted, namespaceNeeds), definitionNeeds);
}

function targetTask(object: Manifest, phase: SyncPhase, settings: TaskSettings): Task {
  const name = object.name || generatedName(object, phase, settings);
  const isCreated = phase === 'PreSync' && !object.argo.isHook;
  const namespace = isCreated ? '' : (isClusterScoped(object.kind) ? '' : object.namespace) || settings.namespace;
  return { object, name, phase, wave: object.argo.wave, id: identityOf({ ...pick(object), name }, settings.namespace), namespace, isHook: object.argo.isHook, isPrune: false, isLifted: false };
}

function pick({ group, kind, namespace }: Manifest): Pick<Manifest, 'group' | 'kind' | 'namespace'> {
  return { group, kind, namespace };
}

function generatedName({ generateName }: Manifest, phase: SyncPhase, { revision, startedAt }: TaskSettings): string {
  return `${generateName}${`${revision.length >= 8 ? revision.slice(0, 7) : revision}-${phase}-${startedAt}`.toLowerCase()}`;
}

/** Live objects that nobody wants any more; hooks and `Skip` are never pruned. A hook does not count as wanting an object that is none. */
function pruneTasks(targets: readonly Manifest[], live: ReadonlyMap<string, Manifest>, { namespace }: TaskSettings): readonly Task[] {
  const wanted = new Set(targets.filter(({ argo }) => !argo.isHook).map((object) => identityOf(object, namespace)));
  return [...live]
    .filter(([id, { argo }]) => !wanted.has(id) && !argo.isHook && !argo.skipped)
    .map(([id, object]) => ({ object, name: object.name, phase: 'Sync', wave: object.argo.wave, id, namespace: object.namespace, isHook: false, isPrune: true, isLifted: false }));
}

/** The first of the waves that are pruned changes places with the last, and so on. */
function reversed(tasks: readonly Task[]): readonly Task[] {
  const waves = [...new Set(tasks.map(({ wave }) => wave))].sort((a, b) => a - b);
  return tasks.map((task) => ({ ...task, wave: waves[waves.length - 1 - waves.indexOf(task.wave)] ?? task.wave }));
}

/** `PruneLast=true`: one wave after everything else of the Sync phase. */
function prunedLast(tasks: readonly Task[], wanted: readonly Task[], { pruneLast }: TaskSettings): readonly Task[] {
  const last = Math.max(0, ...[...wanted, ...tasks].filter(({ phase }) => phase === 'Sync').map(({ wave }) => wave)) + 1;
  return tasks.map((task) => (pruneLast || hasOption(task.object, 'PruneLast=true') ? { ...task, wave: last } : task));
}

export function hasOption({ annotations }: Manifest, option: string): boolean {
  return csv(annotations[SYNC_OPTIONS]).includes(option);
}

function compareTasks(a: Task, b: Task): number {
  return comparePositions(toPosition(a), toPosition(b)) || kindRank(a.object.kind) - kindRank(b.object.kind) || (a.name === b.name ? 0 : a.name < b.name ? -1 : 1);
}

function toPosition({ phase, wave }: Task): Position {
  return { syncPhase: phase, syncWave: wave };
}

interface Needs {
  /** What the object provides for others; `undefined`: nothing. */
  provides(task: Task): string | undefined;
  needs(task: Task): string | undefined;
}

const namespaceNeeds: Needs = {
  provides: ({ object, name }) => (object.kind === 'Namespace' && object.group === '' ? name : undefined),
  needs: ({ namespace }) => namespace || undefined,
};

const definitionNeeds: Needs = {
  provides: ({ object }) => {
    if (object.kind !== 'CustomResourceDefinition' || object.group !== 'apiextensions.k8s.io') return undefined;
    const [group, kind] = [words(at(object.object, 'spec', 'group')), words(at(object.object, 'spec', 'names', 'kind'))];
    return group && kind && `${group}/${kind}`;
  },
  needs: ({ object: { group, kind } }) => `${group}/${kind}`,
};

/** Moves a namespace or a definition directly before the first object that needs it, into that one's phase and wave. */
function lift(sorted: readonly Task[], { provides, needs }: Needs): readonly Task[] {
  const tasks: Task[] = [];
  for (const task of sorted) {
    const provided = task.isPrune ? undefined : provides(task);
    const index = provided === undefined ? -1 : tasks.findIndex((one) => !one.isPrune && provides(one) === undefined && needs(one) === provided);
    const first = tasks[index];
    if (first) tasks.splice(index, 0, { ...task, phase: first.phase, wave: first.wave, isLifted: true });
    else tasks.push(task);
  }
  return tasks;
}
