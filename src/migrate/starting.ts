import { setTimeout as sleep } from 'node:timers/promises';
import { whyNotMigratable } from '../calico/migration/versions.ts';
import { MigrationError, type Migration, type MigrationState, type Validation } from './contract.ts';

/** What a start has in common, whatever the datastore. */

export type Ended = Awaited<ReturnType<Migration['start']>>;

/** Nothing is left for a start to do. */
export function isOver({ phase }: Pick<MigrationState, 'phase'>): boolean {
  return phase === 'migrated' || phase === 'complete';
}

/** The answer of a start that has nothing to do: what stands in the state, so that a repeat need not read and convert everything again. */
export function migratedBefore({ counts = {} }: Pick<MigrationState, 'counts'>): Ended {
  const converted = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const validation: Validation = { converted, failures: 0, skipped: 0, destinationDirty: false };
  return { ended: 'migrated', validation, intruders: [] };
}

/** The version of v1. @throws MigrationError `version` where it is none that can be migrated */
export function requireMigratable(version: string | undefined): string {
  const whyNot = whyNotMigratable(version);
  if (whyNot !== undefined || version === undefined) throw new MigrationError('version', whyNot ?? 'no version of v1 was found');
  return version;
}

/** @throws MigrationError `phase` where the attempt that an earlier try of this run has begun is aborted by now */
export function refuseIfAborted({ phase, attempt }: Pick<MigrationState, 'phase' | 'attempt'>, begun: string | undefined): void {
  if (phase === 'aborted' && begun !== undefined && begun === attempt) throw new MigrationError('phase', 'somebody has aborted the migration while it was running; nothing is written any more');
}

export interface Repeat {
  readonly signal: AbortSignal;
  readonly isWorthIt: (error: unknown) => boolean;
  readonly pauseMs: number;
  /** Told what has failed, before the pause. */
  readonly failed: (message: string) => void;
}

/** How long the datastore may be out of reach before a start gives up; it can be taken up again at any time. */
const PATIENCE_MS = 5 * 60_000;

/** Tries again what is worth it, until nothing has worked for five minutes. @param attempt calls `alive` whenever the datastore has answered */
export async function repeat<T>(attempt: (alive: () => void) => Promise<T>, { signal, isWorthIt, pauseMs, failed }: Repeat): Promise<T> {
  let lastGood = Date.now();
  while (true) {
    try {
      return await attempt(() => void (lastGood = Date.now()));
    } catch (error) {
      if (signal.aborted || !isWorthIt(error) || Date.now() - lastGood > PATIENCE_MS) throw error;
      failed(error instanceof Error ? error.message : String(error));
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** @param harm what goes on until somebody runs `abort` or `start` */
export function needsAbort(cause: unknown, harm: string): MigrationError {
  return new MigrationError('needs-abort', `the migration could not be aborted: ${cause instanceof Error ? cause.message : String(cause)}; ${harm}: run abort, or start again once this is mended`, { cause });
}
