import type { Rollout } from './rollout.ts';

/** Times in milliseconds; points in time since the epoch. */
export interface RolloutTimes {
  readonly now: number;
  /** When the rollout last moved. */
  readonly movedAt: number;
  readonly deadlineAt: number;
  /** Longest time without any progress. */
  readonly stall: number;
  /** Longest time that a state may last which only an apply or somebody can end. */
  readonly settle: number;
}

/**
 * `freeze`: Pods are being replaced and it can't go on. `fail`: it can't go on, but nothing is being replaced that could be stopped.
 * `wait`: look again after so many milliseconds, or at the next change.
 */
export type RolloutVerdict =
  | { readonly verdict: 'complete' }
  | { readonly verdict: 'freeze' | 'fail'; readonly reason: string }
  | { readonly verdict: 'wait'; readonly milliseconds: number };

/** @param rollout `undefined` while there is no DaemonSet */
export function judgeRollout(rollout: Rollout | undefined, times: RolloutTimes): RolloutVerdict {
  const { now, movedAt, deadlineAt, stall, settle } = times;
  if (rollout?.state === 'complete') return { verdict: 'complete' };
  const rolls = rollout?.state === 'progressing' || rollout?.state === 'stuck';
  const patience = rolls ? stall : settle;
  const message = rollout?.message ?? 'the DaemonSet does not exist';
  const verdict = rolls ? 'freeze' : 'fail';
  if (now >= deadlineAt) return { verdict, reason: `not complete at the deadline: ${message}` };
  if (now >= movedAt + patience) return { verdict, reason: `${rolls ? 'no progress' : 'unchanged'} for ${patience / 1000} s: ${message}` };
  return { verdict: 'wait', milliseconds: Math.min(deadlineAt, movedAt + patience) - now };
}

export type Judge = typeof judgeRollout;

/**
 * After the plan is done: a Pod that is down for a while, or a node that joins, is no rollout. Once Pods have to be replaced, such as for another image of
 * the guard, it is one to its end.
 */
export function judgeLater(): Judge {
  let rolls = false;
  return (rollout, times) => {
    rolls ||= rollout !== undefined && rollout.updated < rollout.scheduled;
    return !rolls && rollout?.upToDate && rollout.templateOnTarget ? { verdict: 'complete' } : judgeRollout(rollout, times);
  };
}

/** Changes exactly when the rollout moves: its counts, or the set of its Pods. A container that restarts is no progress. */
export function progressKey(rollout: Rollout | undefined, podUids: readonly (string | undefined)[]): string {
  if (!rollout) return '';
  const { state, desired, updated, available, onTarget } = rollout;
  const kind = state === 'stuck' ? 'progressing' : state;
  return JSON.stringify([kind, desired, updated, available, onTarget, podUids.toSorted()]);
}
