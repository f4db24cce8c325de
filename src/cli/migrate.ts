import { lineProgress } from '../migrate/commands/line-progress.ts';
import { migrate } from '../migrate/commands/migrate.ts';
import { processSurroundings } from '../migrate/commands/process-surroundings.ts';
import { type ExitCode, type Io } from './io.ts';
import { terminalProgress } from './migrate-progress.ts';

/** `hookwave migrate`: reads its arguments as upstream's command does. */
export async function migrateCommand(argv: readonly string[], io: Io): Promise<ExitCode> {
  const bar = io.errInteractive ? (await import('./progress-bar.ts')).progressBar : undefined;
  const progress = bar && terminalProgress((work) => bar(work, Date.now), lineProgress(io.err));
  return migrate(argv, processSurroundings(process, { program: 'hookwave migrate', ...(progress && { progress }) }));
}
