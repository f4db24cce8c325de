import { datastores, type Datastores } from '../config/datastores.ts';
import type { Migration } from '../contract.ts';
import type { MigrateOptions } from './arguments.ts';
import { openMigration } from './open-migration.ts';
import type { ReportFiles } from './report-files.ts';
import type { Say } from './say.ts';
import type { Surroundings } from './surroundings.ts';

/** One run of a command. */
export interface Invocation {
  readonly options: MigrateOptions;
  readonly say: Say;
  readonly around: Surroundings;
  /** @default files in the folder of `--output-dir` */
  readonly reports?: ReportFiles;
}

export interface Ending {
  readonly exitCode: 0 | 1 | 2;
  /** For `--output json`. */
  readonly result: object;
}

/** Reads the configuration, opens the migration, closes it after the work. */
export async function withMigration<T>({ options, around }: Invocation, work: (migration: Migration, stores: Datastores) => Promise<T>): Promise<T> {
  const stores = await datastores({ ...options, env: around.env, readFile: around.readFile });
  for (const warning of stores.warnings) around.err(`warning: ${warning}\n`);
  if (isVerbose(options)) for (const side of ['v1', 'v3'] as const) around.err(`info: configuration of ${side} from ${stores.from[side]}\n`);
  const migration = await openMigration(stores, around);
  try {
    return await work(migration, stores);
  } finally {
    await migration.close();
  }
}

function isVerbose({ logLevel }: MigrateOptions): boolean {
  return logLevel === 'info' || logLevel === 'debug';
}

/** Asks for a "yes". */
export async function confirmed({ options, say, around }: Invocation): Promise<boolean> {
  if (options.noPrompts) return true;
  say.prompt('Type "yes" to proceed (any other input cancels): ');
  const [word = ''] = ((await around.ask()) ?? '').trim().split(/\s+/);
  if (word.toLowerCase() === 'yes') return true;
  say.line('User cancelled. Exiting.');
  return false;
}
