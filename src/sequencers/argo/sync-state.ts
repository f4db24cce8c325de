import type { Manifest } from '../manifests/manifest.ts';
import type { DeletePolicy } from '../manifests/reading.ts';
import type { Group, Judge } from '../prediction.ts';
import { hasOption, type Task } from './tasks.ts';
import { applyGroups } from './wave-groups.ts';

/** What `run` did. */
interface Run {
  readonly groups: readonly Group[];
  /** Hooks were deleted first; the rest of the wave comes with the next step. */
  readonly isPending: boolean;
  /** A person has to confirm something. */
  readonly isBlocked: boolean;
}

/** The cluster and the results of a sync that is predicted. */
export class SyncState {
  readonly live: Map<string, Manifest>;
  private readonly results = new Map<string, 'running' | 'settled'>();
  private readonly options: { readonly prune: boolean; readonly failing: Judge };

  constructor(live: Map<string, Manifest>, options: { readonly prune: boolean; readonly failing: Judge }) {
    this.live = live;
    this.options = options;
  }

  /** Nothing has a result yet. */
  get isNew(): boolean {
    return this.results.size === 0;
  }

  isDone(task: Task): boolean {
    return this.results.has(keyOf(task));
  }

  isRunning(task: Task): boolean {
    return this.results.get(keyOf(task)) === 'running';
  }

  settle(tasks: readonly Task[]): void {
    for (const task of tasks) this.results.set(keyOf(task), 'settled');
  }

  /** What nobody waited for has not failed. */
  hasFailed(task: Task): boolean {
    return !task.isPrune && this.results.get(keyOf(task)) === 'settled' && this.options.failing(task.object);
  }

  liveHooks(tasks: readonly Task[]): readonly Task[] {
    return tasks.filter(({ isHook, id }) => isHook && this.live.has(id));
  }

  /** One after the other, as the tasks stand. */
  deleteByPolicy(hooks: readonly Task[], policy: DeletePolicy): readonly Group[] {
    const gone = hooks.filter(({ object, id }) => object.argo.policies.includes(policy) && this.live.delete(id));
    return groupOf('delete', gone, 'sequence', policy);
  }

  apply(tasks: readonly Task[]): readonly Group[] {
    for (const task of tasks) {
      this.results.set(keyOf(task), 'running');
      this.live.set(task.id, task.object.name === task.name ? task.object : { ...task.object, name: task.name });
    }
    return applyGroups(tasks);
  }

  /** Prunes, deletes hooks that are to be made anew, applies (runTasks in sync_context.go). */
  run(tasks: readonly Task[]): Run {
    const prunes = tasks.filter(({ isPrune }) => isPrune);
    if (prunes.some(({ object }) => hasOption(object, 'Prune=confirm'))) return { groups: [], isPending: false, isBlocked: true };
    this.settle(prunes);
    const pruned = prunes.filter(({ object, id }) => this.options.prune && !hasOption(object, 'Prune=false') && this.live.delete(id));
    const wanted = tasks.filter(({ isPrune }) => !isPrune);
    const gone = wanted.filter(({ isHook, object, id }) => isHook && object.argo.policies.includes('BeforeHookCreation') && this.live.delete(id));
    const groups = [...groupOf('delete', pruned, 'parallel', 'pruned'), ...groupOf('delete', gone, 'parallel', 'BeforeHookCreation')];
    if (gone.length > 0) return { groups, isPending: true, isBlocked: false };
    return { groups: [...groups, ...this.apply(wanted)], isPending: false, isBlocked: false };
  }
}

/**
 * Under which the engine keeps results (resourceResultKey in sync_context.go). An object that was tracked and becomes a hook of the Sync phase has one key for both: once it is pruned,
 * the hook counts as done and is left out, unless it is cluster-scoped or of the same wave.
 */
function keyOf({ phase, namespace, object: { group, kind }, name }: Task): string {
  return [phase, group, kind, namespace, name].join('|');
}

function groupOf(action: 'delete', tasks: readonly Task[], order: Group['order'], because: NonNullable<Group['because']>): readonly Group[] {
  return tasks.length === 0 ? [] : [{ action, because, objects: tasks.map(({ object }) => object), order }];
}
