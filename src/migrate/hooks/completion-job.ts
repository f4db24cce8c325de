import { setTimeout as sleep } from 'node:timers/promises';
import type { DaemonSet } from '../../calico/workloads.ts';
import type { Cluster } from '../../kube/cluster.ts';
import { DAEMON_SETS } from '../../kube/resources.ts';
import { notNecessary } from '../commands/finish.ts';
import { sayTo } from '../commands/say.ts';
import type { Surroundings } from '../commands/surroundings.ts';
import { completionSettings, type CompletionSettings } from './completion-settings.ts';
import { completionVerdict } from './completion-verdict.ts';
import { withDaemonSetFeed, type DaemonSetFeed } from './daemon-set-feed.ts';
import { announcer, ending, guarded, type Guard, type HookEnding } from './guard.ts';
import { patiently } from './patience.ts';

export interface CompletionSurroundings extends Surroundings {
  connect(signal: AbortSignal): Promise<Cluster>;
}

/** Waits for the new DaemonSet, then makes v3 ready. 0: done, or it was done before; 1: it can't be, or the deadline has passed. */
export function completionJob(around: CompletionSurroundings): Promise<HookEnding> {
  return guarded(around, async (guard) => {
    const settings = completionSettings(around.env);
    for (const warning of settings.warnings) around.err(`warning: ${warning}\n`);
    const { state } = await guard.status();
    if (state.phase === 'complete') return done(around, 'The upgrade process is complete already.');
    around.out(`Completing the upgrade once DaemonSet ${settings.namespace}/${settings.daemonset} is rolled out with ${settings.expected.text}\n`);
    const cluster = await around.connect(around.signal);
    const job: Job = { around, guard, settings, cluster };
    return withDaemonSetFeed(cluster, settings, { signal: around.signal, denied: (message) => sayDenied(around, settings, message) }, (feed) => follow(job, feed));
  });
}

interface Job {
  readonly around: Surroundings;
  readonly guard: Guard;
  readonly settings: CompletionSettings;
  readonly cluster: Cluster;
}

function sayDenied({ err }: Surroundings, { namespace }: CompletionSettings, message: string): void {
  err(`warning: Pods can't be read (${message}); going by the counts of the DaemonSet and the state of the migration instead. Give this ServiceAccount list and watch on pods in namespace ${namespace}: \`hookwave snippets rbac\` prints the role\n`);
}

async function follow(job: Job, feed: DaemonSetFeed): Promise<HookEnding> {
  const { around, guard, settings } = job;
  const announce = announcer(around);
  const deadline = Date.now() + guard.options.deadlineSeconds * 1000;
  let unsettledSince: number | undefined;
  while (true) {
    const changed = feed.changed();
    const verdict = feed.ready ? completionVerdict(feed.daemonSet, feed.pods, settings) : ({ is: 'rolling', why: 'the DaemonSet and its Pods are being read' } as const);
    if (verdict.is === 'impossible') return ending(around, verdict.why);
    if (verdict.is === 'rolled') {
      const ended = await completeIfMigrated(job, announce);
      if (ended) return ended;
    } else if (feed.ready) announce(`Waiting: ${verdict.why}`);
    unsettledSince = verdict.is === 'unsettled' ? (unsettledSince ?? Date.now()) : undefined;
    const until = unsettledSince === undefined ? deadline : Math.min(deadline, unsettledSince + settings.settleSeconds * 1000);
    if (Date.now() >= until) {
      const limit = until === deadline ? `the deadline of ${guard.options.deadlineSeconds} s (HOOKWAVE_DEADLINE_SECONDS)` : `${settings.settleSeconds} s (HOOKWAVE_SETTLE_SECONDS)`;
      return ending(around, `${verdict.is === 'rolled' ? 'the DaemonSet is rolled out, but the data are not migrated' : verdict.why}; so it is after ${limit}`);
    }
    // A rolled DaemonSet waits for the state of the migration, which is looked at; everything else comes as a change.
    await orAtMost(changed, Math.min(until - Date.now(), verdict.is === 'rolled' ? LOOK_MS : ANNOUNCE_AGAIN_MS), around.signal);
  }
}

const LOOK_MS = 1000;
const ANNOUNCE_AGAIN_MS = 60_000;

async function orAtMost(changed: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  await Promise.race([changed, sleep(Math.max(ms, 0), undefined, { signal: AbortSignal.any([signal, stop.signal]) })]).finally(() => stop.abort());
}

/** Undefined: there is something to wait for. */
async function completeIfMigrated({ around, guard, settings, cluster }: Job, announce: (text: string) => void): Promise<HookEnding | undefined> {
  if (guard.is === 'kubernetes') return markComplete(around, guard);
  // The workload again: a rollback between the watch and now must not be missed.
  const [{ state, needed }, now] = await Promise.all([guard.status(), cluster.get<DaemonSet>(DAEMON_SETS, settings.daemonset, settings.namespace)]);
  if (state.phase === 'complete') return done(around, 'The upgrade process is complete already.');
  const byAnother = state.phase === 'none' && !needed;
  if (state.phase !== 'migrated' && !byAnother) {
    announce(`Waiting: the DaemonSet is rolled out, but the state of the migration is ${state.phase}, not migrated`);
    return undefined;
  }
  const verdict = completionVerdict(now, undefined, settings);
  if (verdict.is !== 'rolled') return undefined;
  // Nodes run v3 and v3 holds its version, so another tool has migrated, or it is a new cluster: as upstream, ready is ready.
  const failed = (message: string): void => around.err(`warning: ${message}; trying again\n`);
  await patiently(() => guard.migration.complete({ signal: around.signal, force: byAnother }), { seconds: guard.options.retrySeconds, signal: around.signal, failed });
  return done(around, 'Successfully completed the upgrade process.');
}

/** v3 is ready since the migration. The mark keeps an abort from taking its data away, which is worth a warning, not a failure. */
async function markComplete(around: Surroundings, { migration }: Guard): Promise<HookEnding> {
  await migration.complete({ signal: around.signal }).catch((error: unknown) => around.err(`warning: the migration is not marked complete: ${error instanceof Error ? error.message : String(error)}\n`));
  return done(around, notNecessary('complete'));
}

function done({ out }: Surroundings, text: string): HookEnding {
  const say = sayTo(out);
  say.separator();
  say.message(text);
  say.newLine();
  return { exitCode: 0, words: text };
}
