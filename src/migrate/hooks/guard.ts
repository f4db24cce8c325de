import { setTimeout as sleep } from 'node:timers/promises';
import { isForbidden } from '../../kube/errors.ts';
import { openMigration } from '../commands/open-migration.ts';
import { explain } from '../commands/explain.ts';
import type { Surroundings } from '../commands/surroundings.ts';
import { datastores } from '../config/datastores.ts';
import type { Migration, MigrationStatus } from '../contract.ts';
import { hookOptions, type HookOptions } from './hook-options.ts';
import { patiently } from './patience.ts';

/** Exit code as upstream's scripts have it, and the last words for the termination message. */
export interface HookEnding {
  readonly exitCode: 0 | 1;
  readonly words: string;
}

/** What all hooks do first, and how they look at the migration. */
export interface Guard {
  readonly options: HookOptions;
  readonly migration: Migration;
  readonly is: 'etcd' | 'kubernetes';
  /** Tries again for a while when the datastores can't be reached. */
  status(): Promise<MigrationStatus>;
  /** Pauses until it is time to look again. False: the deadline has passed. */
  pause(): Promise<boolean>;
}

/** Runs a hook. Every error becomes text on the standard output and exit code 1. */
export async function guarded(around: Surroundings, work: (guard: Guard) => Promise<HookEnding>): Promise<HookEnding> {
  let migration: Migration | undefined;
  try {
    const options = hookOptions(around.env);
    const stores = await datastores({ ...options.migrate, env: around.env, readFile: around.readFile });
    for (const warning of stores.warnings) around.err(`warning: ${warning}\n`);
    const opened = (migration = await openMigration(stores, around));
    const until = Date.now() + options.deadlineSeconds * 1000;
    const failed = (message: string): void => around.err(`warning: ${message}; trying again\n`);
    return await work({
      options,
      migration: opened,
      is: stores.is,
      status: () => patiently(() => opened.status(), { seconds: options.retrySeconds, signal: around.signal, failed }),
      async pause() {
        if (Date.now() >= until) return false;
        await sleep(LOOK_MS * (0.75 + Math.random() / 2), undefined, { signal: around.signal });
        return true;
      },
    });
  } catch (error) {
    if (around.signal.aborted) return ending(around, 'Interrupted; it is safe to run this again');
    return ending(around, ...explain(error).map((text) => (isForbidden(error) ? `${text}; give this ServiceAccount the right: \`hookwave snippets rbac\` prints the role` : text)));
  } finally {
    await migration?.close();
  }
}

/** A thousand guards look at once. */
const LOOK_MS = 1000;

/** Failure: what is wrong on the standard output, and as last words. */
export function ending({ out }: Surroundings, ...texts: readonly string[]): HookEnding {
  for (const text of texts) out(`${text}\n`);
  return { exitCode: 1, words: texts.join('\n') };
}

const NOT_NEEDED = 'No data migration is needed. Continuing on.';

export function notNeeded({ out }: Surroundings): HookEnding {
  out(`${NOT_NEEDED}\n`);
  return { exitCode: 0, words: NOT_NEEDED };
}

/** Says what is waited for when it changes, and once a minute. */
export function announcer({ out }: Surroundings): (text: string) => void {
  let last = { text: '', at: 0 };
  return (text) => {
    if (text === last.text && Date.now() - last.at < ANNOUNCE_MS) return;
    last = { text, at: Date.now() };
    out(`${text}\n`);
  };
}

const ANNOUNCE_MS = 60_000;
