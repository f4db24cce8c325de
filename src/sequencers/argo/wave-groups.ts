import type { Group } from '../prediction.ts';
import { kindRank } from './kind-order.ts';
import type { Task } from './tasks.ts';

/**
 * Objects that are applied in parallel: neighbours of one kind (runTasks in sync_context.go). Where objects of different kinds compare equal, because Argo CD has no order for
 * their kinds and their names are the same, its sort is not stable, and the groups concerned become one that is `open`.
 */
export function applyGroups(tasks: readonly Task[]): readonly Group[] {
  const groups = byKind(tasks).map((members) => ({ members, isOpen: false }));
  for (const tie of ties(tasks)) merge(groups, tie);
  return groups.map(({ members, isOpen }) => ({ action: 'apply', objects: members.map(({ object }) => object), order: isOpen ? 'open' : 'parallel' }));
}

function byKind(tasks: readonly Task[]): readonly (readonly Task[])[] {
  const groups: Task[][] = [];
  for (const task of tasks) {
    const last = groups.at(-1);
    if (last?.[0]?.object.kind === task.object.kind) last.push(task);
    else groups.push([task]);
  }
  return groups;
}

/** Runs of tasks that compare equal though their kinds differ, with what was moved before one of them. */
function ties(tasks: readonly Task[]): readonly (readonly Task[])[] {
  const runs = new Map<string, Task[]>();
  for (const task of tasks.filter(({ isLifted }) => !isLifted)) {
    const key = [task.phase, task.wave, kindRank(task.object.kind), task.name].join(' ');
    runs.set(key, [...(runs.get(key) ?? []), task]);
  }
  return [...runs.values()].filter((run) => new Set(run.map(({ object }) => object.kind)).size > 1).map((run) => withLifted(run, tasks));
}

function withLifted(run: readonly Task[], tasks: readonly Task[]): readonly Task[] {
  const last = Math.max(...run.map((task) => tasks.indexOf(task)));
  let first = Math.min(...run.map((task) => tasks.indexOf(task)));
  while (tasks[first - 1]?.isLifted) first--;
  return tasks.slice(first, last + 1);
}

interface Members {
  members: readonly Task[];
  isOpen: boolean;
}

/** One group of all that hold a part of the tie, and of their neighbours of the same kinds. */
function merge(groups: Members[], tie: readonly Task[]): void {
  const holds = ({ members }: Members): boolean => members.some((task) => tie.includes(task));
  const kinds = new Set(tie.map(({ object }) => object.kind));
  const joins = (group: Members | undefined): boolean => group?.members.some(({ object }) => kinds.has(object.kind)) === true;
  let [first, last] = [groups.findIndex(holds), groups.findLastIndex(holds)];
  if (joins(groups[first - 1])) first--;
  if (joins(groups[last + 1])) last++;
  groups.splice(first, last - first + 1, { members: groups.slice(first, last + 1).flatMap(({ members }) => members), isOpen: true });
}
