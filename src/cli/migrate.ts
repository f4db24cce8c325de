import type { Surroundings } from '../migrate/commands/surroundings.ts';
import { migrate } from '../migrate/commands/migrate.ts';
import { processSurroundings } from '../migrate/commands/process-surroundings.ts';
import { type ExitCode, type Io } from './io.ts';
import { type Progress, startProgress } from './progress.ts';

/** `hookwave migrate`: reads its arguments as upstream's command does. */
export function migrateCommand(argv: readonly string[], io: Io): Promise<ExitCode> {
  const progress = io.errInteractive ? bars(io) : undefined;
  return migrate(argv, processSurroundings(process, { program: 'hookwave migrate', ...(progress && { progress }) }));
}

/** A bar for work whose size is known. */
function bars(io: Io): Pick<Surroundings, 'progress' | 'progressEnd'> {
  let bar: Progress | undefined;
  let starting = false;
  return {
    progress({ message, done = 0, total }) {
      if (bar) bar.update(done);
      else if (total !== undefined && !starting) {
        starting = true;
        void startProgress({ title: message, total, unit: 'objects' }, io).then((started) => (bar = started));
      }
    },
    progressEnd() {
      bar?.end();
      bar = undefined;
      starting = false;
    },
  };
}
