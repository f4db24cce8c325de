import { withRolloutFeed, type RolloutFeed } from '../../calico/rollout-feed.ts';
import { type Judge, judgeRollout, progressKey, type RolloutVerdict } from '../../calico/rollout-verdict.ts';
import { rolloutState, type Rollout } from '../../calico/rollout.ts';
import type { DaemonSet, Pod } from '../../calico/workloads.ts';
import { isForbidden } from '../../kube/errors.ts';
import { isPassing } from '../../kube/passing.ts';
import { DAEMON_SETS } from '../../kube/resources.ts';
import { messageOf } from '../../kube/retry.ts';
import type { StepContext } from '../step.ts';
import { changedOr } from './changed-or.ts';
import { jobStart } from './job-start.run.ts';
import { workloadOf } from './workload-params.ts';

/** The rollout at one look. */
export interface Sight {
  /** `undefined` while there is none; then there is no rollout either. */
  readonly daemonSet: DaemonSet | undefined;
  readonly rollout: Rollout | undefined;
  readonly pods: readonly Pod[];
}

/** What a step does at each look, in this order. */
export interface Watcher {
  /** What else moves: its values count as progress, and stand in the event lines. @default nothing */
  readonly others?: (sight: Sight) => Promise<Readonly<Record<string, string>>>;
  /** Mends what the apply has left. True where there was something: what was seen is no end then, the rollout begins anew. @default nothing */
  readonly tend?: (sight: Sight) => Promise<boolean>;
  /** @default judgeRollout */
  readonly judge?: Judge;
}

/** A new run takes the rights of this one away shortly before this Pod: hooks are replaced one by one (Helm, seen: 1 s). */
const REPLACED_MS = 30_000;

/**
 * An error that no other run mends is a reason to freeze: the Job ends for good with it, and nobody would stop the rollout any more.
 * A denial waits half a minute before: a Pod that is being replaced stops nothing that the next one watches.
 * @param watch a watch and what goes on beside it
 * @throws what the watch throws, where another run mends it or the rollout is complete
 */
export async function orFreeze(params: Params, { cluster, clock, signal, report }: StepContext, watch: () => Promise<Decided>): Promise<Decided> {
  try {
    return await watch();
  } catch (error) {
    if (isForbidden(error)) await clock.sleep(REPLACED_MS, signal);
    if (signal.aborted || isPassing(error) || (await isComplete(cluster, params))) throw error;
    report.event('watch-broken', messageOf(error), { level: 'error', debug: error instanceof Error ? error.stack : undefined });
    return { verdict: { verdict: 'freeze', reason: `it can't be watched over: ${messageOf(error)}` }, daemonSet: undefined, rollout: undefined, pods: [] };
  }
}

/** By the DaemonSet alone; one that can't be read is not. */
async function isComplete(cluster: StepContext['cluster'], { namespace, daemonset, container, to }: Params): Promise<boolean> {
  const daemonSet = await cluster.get<DaemonSet>(DAEMON_SETS, daemonset, namespace).catch(() => undefined);
  if (!daemonSet) return false;
  const { templateOnTarget, upToDate, available, desired } = rolloutState(daemonSet, [], { container, version: to });
  return templateOnTarget && upToDate && available >= desired;
}

export interface Decided extends Sight {
  readonly verdict: Exclude<RolloutVerdict, { verdict: 'wait' }>;
}

interface Params {
  readonly namespace: string;
  readonly daemonset: string;
  readonly container: string;
  readonly to: string;
  readonly rolloutSeconds: number;
  readonly stallSeconds: number;
  readonly settleSeconds: number;
}

const MEND_AGAIN_MS = 1000;

/** Looks at every change of the DaemonSet or its Pods until the verdict is something else than `wait`. */
export function watchRollout(params: Params, context: StepContext, watcher: Watcher): Promise<Decided> {
  return withRolloutFeed(context.cluster, workloadOf(params), context.signal, (feed) => untilDecided(feed, params, context, watcher));
}

async function untilDecided(feed: RolloutFeed, params: Params, context: StepContext, { others = async () => ({}), tend, judge = judgeRollout }: Watcher): Promise<Decided> {
  const { clock, signal, report } = context;
  const deadlineAt = (await jobStart(context)) + params.rolloutSeconds * 1000;
  report.event('deadline', `waits for the rollout until ${new Date(deadlineAt).toISOString()}; whoever waits for this Job has to wait as long`, { seconds: params.rolloutSeconds });
  const patience = { deadlineAt, stall: params.stallSeconds * 1000, settle: params.settleSeconds * 1000 };
  let moved = { key: '', at: clock.now() };
  for (;;) {
    const change = feed.changed();
    if (!feed.ready) {
      await changedOr(change, patience.settle, clock, signal);
      continue;
    }
    const sight = sightOf(feed, params);
    const { rollout, pods } = sight;
    const moving = await others(sight);
    const key = [progressKey(rollout, pods.map(({ metadata }) => metadata.uid)), ...Object.values(moving)].join(' ');
    if (key !== moved.key) {
      moved = { key, at: clock.now() };
      if (rollout) report.event('rollout', rollout.message, { state: rollout.state, desired: rollout.desired, updated: rollout.updated, available: rollout.available, ...moving });
    }
    const isMending = (await tend?.(sight)) ?? false;
    const verdict = judge(rollout, { ...patience, now: clock.now(), movedAt: moved.at });
    if (isMending && verdict.verdict === 'complete') {
      await changedOr(change, MEND_AGAIN_MS, clock, signal);
      continue;
    }
    if (verdict.verdict !== 'wait') return { ...sight, verdict };
    await changedOr(change, verdict.milliseconds, clock, signal);
  }
}

/** Taken at once: the feed moves on while a look waits for something. */
function sightOf({ daemonSet, pods }: RolloutFeed, { container, to }: Params): Sight {
  return { daemonSet, pods, rollout: daemonSet && rolloutState(daemonSet, pods, { container, version: to }) };
}
