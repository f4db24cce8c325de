import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EtcdV2 } from '../../etcd/v2.ts';
import { type EtcdV3, MAX_TXN_OPERATIONS } from '../../etcd/v3.ts';
import { LEASE_SECONDS, type Migration, MigrationError, type MigrationOptions, QUIESCE_SECONDS, type Validation } from '../contract.ts';
import { isTransient } from '../transient.ts';
import { abortAttempt } from './abort.ts';
import { validate } from './dry-run.ts';
import { CALICO_PREFIX, READY_PATH } from './keys.ts';
import { type Identity, own, type Ownership, refuseIfHeld } from './owner.ts';
import { intruders, writePass } from './passes.ts';
import { pauseV1, refuseIfPaused } from './pause.ts';
import { readState, type ReadState, type StoredState, writeState } from './state.ts';
import { openStore } from './store.ts';

type Ended = Awaited<ReturnType<Migration['start']>>;

/** How long the datastores may be unreachable before a start gives up; it can be taken up again at any time. */
const PATIENCE_MS = 5 * 60_000;
const PAUSE_BETWEEN_TRIES_MS = 2000;

/**
 * Validates, asks, then pauses v1, writes v3 and marks it migrated. Each part can be repeated: a run that was killed is taken up by the next, a broken
 * connection by this one. Data that can't be converted and an interruption (`signal`) end in an abort: v1 goes on.
 */
export async function start(v2: EtcdV2, v3: EtcdV3, identity: Identity, options: MigrationOptions): Promise<Ended> {
  const { state } = await readState(v3);
  if (state.phase === 'migrated' || state.phase === 'complete') return { ended: 'migrated', validation: done(state), intruders: [] };
  await refuseIfHeld(v3, identity);
  const { sourceVersion, ...validation } = await validate(v2, v3, options);
  if (validation.failures > 0 || validation.destinationDirty) return { ended: 'invalid', validation, intruders: [] };
  if (options.confirm && !(await options.confirm())) return { ended: 'cancelled', validation, intruders: [] };
  let lastGood = Date.now();
  let begun: string | undefined;
  while (true) {
    try {
      const late = await attempt(v2, v3, { identity, options, sourceVersion, validation, begun, alive: (name) => ([lastGood, begun] = [Date.now(), name ?? begun]) });
      return { ended: 'migrated', validation, intruders: late };
    } catch (error) {
      if (options.signal.aborted || !(isTransient(error) || isInterruption(error))) throw error;
      if (Date.now() - lastGood > PATIENCE_MS) throw error;
      options.progress?.({ message: `Waiting for the datastores: ${error instanceof Error ? error.message : String(error)}` });
      await sleep(PAUSE_BETWEEN_TRIES_MS, undefined, { signal: options.signal }).catch(() => undefined);
    }
  }
}

/** What stands in the state, so that a repeat need not read and convert everything again. */
function done({ counts = {} }: StoredState): Validation {
  const converted = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { converted, failures: 0, skipped: 0, destinationDirty: false };
}

interface Attempt {
  readonly identity: Identity;
  readonly options: MigrationOptions;
  readonly sourceVersion: string;
  readonly validation: Validation;
  /** The attempt that an earlier try of this run has begun. */
  readonly begun: string | undefined;
  /** The datastores answer; names the attempt once it has begun. */
  readonly alive: (attempt?: string) => void;
}

async function attempt(v2: EtcdV2, v3: EtcdV3, { identity, options, sourceVersion, validation, begun, alive }: Attempt): Promise<readonly string[]> {
  const owner = await own(v3, identity, { leaseSeconds: options.leaseSeconds ?? LEASE_SECONDS });
  const signal = AbortSignal.any([options.signal, owner.signal]);
  try {
    let state = await begin(v2, v3, owner, sourceVersion, begun);
    alive(state.state.attempt);
    if (state.state.phase === 'migrated' || state.state.phase === 'complete') return [];
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
    if (options.signal.aborted || (error instanceof MigrationError && error.reason === 'invalid')) await giveUp(v2, v3, owner);
    throw error;
  } finally {
    await owner.release();
  }
}

/** A new attempt, or the one that was left unfinished. What an aborted attempt has left is removed: it is stale. */
async function begin(v2: EtcdV2, v3: EtcdV3, owner: Ownership, sourceVersion: string, begun: string | undefined): Promise<ReadState> {
  const found = await readState(v3);
  const { phase, cleanAtStart, attempt: last } = found.state;
  if (phase === 'aborted' && begun !== undefined && begun === last) throw new MigrationError('phase', 'somebody has aborted the migration while it was running; nothing is written any more');
  if (phase === 'started' || phase === 'migrated' || phase === 'complete') return found;
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
  await pauseV1(v2, { ours: true });
  if (state.state.pausedIndex !== undefined) return state;
  progress?.({ message: 'Pausing Calico networking' });
  await sleep(quiesceSeconds * 1000, undefined, { signal });
  return writeState(v3, owner, state, { ...state.state, pausedIndex: await v2.index(READY_PATH) });
}

/** What is left to do for a run that must end now: v1 goes on. It has time of its own, because its signal is aborted already. */
async function giveUp(v2: EtcdV2, v3: EtcdV3, owner: Ownership): Promise<void> {
  try {
    await abortAttempt(v2, v3, owner, AbortSignal.timeout(GIVE_UP_MS));
  } catch (error) {
    throw new MigrationError('needs-abort', `the migration could not be aborted: ${error instanceof Error ? error.message : String(error)}; Calico networking may be paused: run abort`, { cause: error });
  }
}

/** Below the grace period of 30 s that a Pod has by default. */
const GIVE_UP_MS = 20_000;

/** A wait that the lease's own signal has ended. */
function isInterruption(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
