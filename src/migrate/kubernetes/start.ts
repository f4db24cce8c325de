import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { LEASE_SECONDS, MigrationError, type MigrationOptions } from '../contract.ts';
import { type Ended, isOver, migratedBefore, needsAbort, refuseIfAborted, repeat } from '../starting.ts';
import { isTransient } from '../transient.ts';
import { abortAttempt } from './abort.ts';
import type { Engine } from './engine.ts';
import { own, type Ownership, refuseIfHeld } from './owner.ts';
import { readRecord } from './record.ts';
import { madeName, openStore } from './store.ts';
import { convertedResources, existingNames, validate } from './validate.ts';
import { readV1 } from './v1-data.ts';

const PAUSE_BETWEEN_TRIES_MS = 1000;

/**
 * Validates, asks, writes v3 and marks it migrated. Nothing is paused: v2.6 does not read what is written. A run that was killed is taken up by the next.
 * @throws MigrationError `needs-abort` where an interrupted run leaves v3 data behind
 */
export async function start(engine: Engine, options: MigrationOptions): Promise<Ended> {
  const { state } = await readRecord(engine.cluster);
  if (isOver(state)) return migratedBefore(state);
  await refuseIfHeld(engine.look, engine.identity);
  const { sourceVersion, ...validation } = await validate(engine.cluster, options);
  if (validation.failures > 0) return { ended: 'invalid', validation, intruders: [] };
  if (validation.converted === 0) return { ended: 'nothing', validation, intruders: [] };
  if (options.confirm && !(await options.confirm())) return { ended: 'cancelled', validation, intruders: [] };
  const run: Run = { engine, options, sourceVersion };
  await repeat((alive) => attempt(run, alive), {
    signal: options.signal,
    isWorthIt: isTransient,
    pauseMs: PAUSE_BETWEEN_TRIES_MS,
    failed: (message) => options.progress?.({ message: `Trying again: ${message}` }),
  });
  return { ended: 'migrated', validation, intruders: [] };
}

interface Run {
  readonly engine: Engine;
  readonly options: MigrationOptions;
  readonly sourceVersion: string;
  /** The attempt that an earlier try of this run has begun. */
  begun?: string | undefined;
}

/** @param alive called once the attempt has begun */
async function attempt(run: Run, alive: () => void): Promise<void> {
  const { engine, options } = run;
  const owner = await own({ ...engine, leaseSeconds: options.leaseSeconds ?? LEASE_SECONDS });
  try {
    if (isOver(owner.state())) return;
    await begin(run, owner);
    alive();
    await writeAll(run, owner);
  } catch (error) {
    if (options.signal.aborted || (error instanceof MigrationError && error.reason === 'invalid')) await giveUp(engine, owner);
    throw error;
  } finally {
    await owner.release();
  }
}

async function giveUp({ cluster }: Engine, owner: Ownership): Promise<void> {
  try {
    await abortAttempt(cluster, owner);
  } catch (error) {
    throw needsAbort(error, 'Calico v1 goes on, and part of the v3 data is left');
  }
}

/** A new attempt, or the one that was left unfinished. */
async function begin(run: Run, owner: Ownership): Promise<void> {
  const { phase, made = [] } = owner.state();
  refuseIfAborted(owner.state(), run.begun);
  if (phase !== 'started') await owner.write({ phase: 'started', attempt: randomUUID(), sourceVersion: run.sourceVersion, made });
  run.begun = owner.state().attempt;
}

/** v1 is not paused, so it is read again after the write; what changed meanwhile is written, too. */
const PASSES = 5;

async function writeAll(run: Run, owner: Ownership): Promise<void> {
  const { engine: { cluster }, options } = run;
  let v1 = await readV1(cluster);
  for (let pass = 0; pass < PASSES; pass++) {
    const counts = await writePass(run, owner, v1);
    const again = await readV1(cluster);
    if (isDeepStrictEqual(again, v1)) return owner.write({ ...owner.state(), phase: 'migrated', counts });
    options.progress?.({ message: 'v1 data have changed meanwhile; writing again' });
    v1 = again;
  }
  throw new MigrationError('transient', 'v1 data keep changing; stop what writes them, then run it again');
}

async function writePass({ engine: { cluster }, options }: Run, owner: Ownership, v1: Awaited<ReturnType<typeof readV1>>): Promise<Readonly<Record<string, number>>> {
  const resources = convertedResources(v1, options.outcome);
  const store = openStore(cluster, owner, (message) => options.progress?.({ message }));
  const names = resources.map(madeName);
  await noteMade(owner, names, await existingNames(cluster));
  const counts: Record<string, number> = {};
  for (const [index, resource] of resources.entries()) {
    options.signal.throwIfAborted();
    await store.put({ is: 'resource', resource });
    counts[resource.kind] = (counts[resource.kind] ?? 0) + 1;
    options.progress?.({ message: 'Storing', done: index + 1, total: resources.length });
  }
  const stale = (owner.state().made ?? []).filter((one) => !names.includes(one));
  for (const one of stale) await store.remove(one);
  return counts;
}

/** Before anything is written: what is not noted here was somebody else's. */
async function noteMade(owner: Ownership, names: readonly string[], existing: ReadonlySet<string>): Promise<void> {
  const { made = [], ...state } = owner.state();
  const all = [...new Set([...made, ...names.filter((name) => !existing.has(name))])];
  if (all.length > made.length) await owner.write({ ...state, made: all });
}
