import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EtcdV2 } from '../../etcd/v2.ts';
import { type EtcdV3, MAX_TXN_OPERATIONS } from '../../etcd/v3.ts';
import { LEASE_SECONDS, MigrationError, type MigrationOptions, QUIESCE_SECONDS, type Validation } from '../contract.ts';
import type { Identity } from '../identity.ts';
import { type Ended, isOver, migratedBefore, needsAbort, refuseIfAborted, repeat } from '../starting.ts';
import { isTransient } from '../transient.ts';
import { abortAttempt } from './abort.ts';
import { validate } from './dry-run.ts';
import { CALICO_PREFIX, READY_PATH } from './keys.ts';
import { own, type Ownership, refuseIfHeld } from './owner.ts';
import { intruders, writePass } from './passes.ts';
import { pauseV1, refuseIfPaused } from './pause.ts';
import { readState, type ReadState, writeState } from './state.ts';
import { openStore } from './store.ts';

const PAUSE_BETWEEN_TRIES_MS = 2000;

/**
 * Validates, asks, then pauses v1, writes v3 and marks it migrated. Each part can be repeated: a run that was killed is taken up by the next, a broken
 * connection by this one. Data that can't be converted, an answer of etcd that no repetition mends, and an interruption (`signal`) end in an abort: v1 goes on.
 * @throws MigrationError `needs-abort` where v1 is left paused
 */
export async function start(v2: EtcdV2, v3: EtcdV3, identity: Identity, options: MigrationOptions): Promise<Ended> {
  const { state } = await readState(v3);
  if (isOver(state)) return migratedBefore(state);
  await refuseIfHeld(v3, identity);
  const { sourceVersion, ...validation } = await validate(v2, v3, options);
  if (validation.failures > 0 || validation.destinationDirty) return { ended: 'invalid', validation, intruders: [] };
  if (options.confirm && !(await options.confirm())) return { ended: 'cancelled', validation, intruders: [] };
  const run: Run = { identity, options, sourceVersion, validation };
  const late = await repeat((alive) => attempt(v2, v3, run, alive), {
    signal: options.signal,
    isWorthIt,
    pauseMs: PAUSE_BETWEEN_TRIES_MS,
    failed: (message) => options.progress?.({ message: `Waiting for the datastores: ${message}` }),
  }).catch((error: unknown) => {
    throw run.begun === undefined || isOutOfOurHands(error) ? error : needsAbort(error, HARM);
  });
  return { ended: 'migrated', validation, intruders: late };
}

interface Run {
  readonly identity: Identity;
  readonly options: MigrationOptions;
  readonly sourceVersion: string;
  readonly validation: Validation;
  /** The attempt that a try of this run has begun and none has given up. */
  begun?: string | undefined;
}

/** @param alive called whenever the datastores have answered */
async function attempt(v2: EtcdV2, v3: EtcdV3, run: Run, alive: () => void): Promise<readonly string[]> {
  const { identity, options, validation } = run;
  const owner = await own(v3, identity, { leaseSeconds: options.leaseSeconds ?? LEASE_SECONDS });
  const signal = AbortSignal.any([options.signal, owner.signal]);
  try {
    let state = await begin(v2, v3, owner, run);
    run.begun = state.state.attempt ?? run.begun;
    alive();
    if (isOver(state.state)) return [];
    state = await pause(v2, v3, owner, state, { ...options, signal });
    alive();
    const progress = (one: Parameters<NonNullable<MigrationOptions['progress']>>[0]): void => {
      alive();
      options.progress?.(one);
    };
    const tally = await writePass(v2, openStore(v3, owner), { ...options, signal, progress }, validation.converted);
    const late = await intruders(v2, state.state.pausedIndex ?? 0, signal);
    await writeState(v3, owner, state, { ...state.state, phase: 'migrated', counts: tally.counts });
    return late;
  } catch (error) {
    if (options.signal.aborted || (run.begun !== undefined && !isWorthIt(error) && !isOutOfOurHands(error))) await giveUp(v2, v3, owner, run);
    throw error;
  } finally {
    await owner.release();
  }
}

/** A new attempt, or the one that was left unfinished. What an aborted attempt has left is removed: it is stale. */
async function begin(v2: EtcdV2, v3: EtcdV3, owner: Ownership, { sourceVersion, begun }: Run): Promise<ReadState> {
  const found = await readState(v3);
  const { phase, cleanAtStart } = found.state;
  refuseIfAborted(found.state, begun);
  if (phase === 'started' || isOver(found.state)) return found;
  if (phase === 'none') await refuseIfPaused(v2);
  if (phase === 'aborted' && cleanAtStart) await purge(v3, owner);
  const clean = !(await v3.hasAny(CALICO_PREFIX));
  return writeState(v3, owner, found, { phase: 'started', attempt: randomUUID(), sourceVersion, cleanAtStart: clean });
}

async function purge(v3: EtcdV3, owner: Ownership): Promise<void> {
  let keys: string[] = [];
  const remove = async (): Promise<void> => {
    if (keys.length > 0 && !(await v3.commit({ guards: [owner.guard], removes: keys }))) await owner.check();
    keys = [];
  };
  for await (const { key } of v3.list(CALICO_PREFIX)) {
    keys.push(key);
    if (keys.length === MAX_TXN_OPERATIONS) await remove();
  }
  await remove();
}

/** Networking is paused, and v1 writers have had their time to notice. */
async function pause(v2: EtcdV2, v3: EtcdV3, owner: Ownership, state: ReadState, { signal, progress, quiesceSeconds = QUIESCE_SECONDS }: MigrationOptions): Promise<ReadState> {
  signal.throwIfAborted();
  await pauseV1(v2);
  if (state.state.pausedIndex !== undefined) return state;
  progress?.({ message: 'Pausing Calico networking' });
  await sleep(quiesceSeconds * 1000, undefined, { signal });
  return writeState(v3, owner, state, { ...state.state, pausedIndex: await v2.index(READY_PATH) });
}

/** What is left to do for a run that must end now: v1 goes on. It has time of its own, because its signal is aborted already. */
async function giveUp(v2: EtcdV2, v3: EtcdV3, owner: Ownership, run: Run): Promise<void> {
  try {
    await abortAttempt(v2, v3, owner, AbortSignal.timeout(GIVE_UP_MS));
  } catch (error) {
    throw needsAbort(error, HARM);
  }
  run.begun = undefined;
  run.options.progress?.({ message: 'The migration was aborted, Calico v1 goes on' });
}

/** Below the grace period of 30 s that a Pod has by default. */
const GIVE_UP_MS = 20_000;

const HARM = 'Calico networking may be paused';

/** A datastore that was away, or a wait that the lease's own signal has ended. */
function isWorthIt(error: unknown): boolean {
  return isTransient(error) || (error instanceof Error && error.name === 'AbortError');
}

/** Another owner is at work, somebody has aborted, or an abort has failed: v1 is not ours to resume. */
function isOutOfOurHands(error: unknown): boolean {
  return error instanceof MigrationError && ['held', 'phase', 'needs-abort'].includes(error.reason);
}
