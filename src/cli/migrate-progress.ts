import type { Surroundings } from '../migrate/commands/surroundings.ts';
import type { Progress, Work } from './progress.ts';

type MigrationProgress = Pick<Surroundings, 'progress' | 'progressEnd'>;

/**
 * Progress of a migration on a terminal: a bar for work whose size is known, lines for the rest.
 * @param lines what says a line now and then
 */
export function terminalProgress(startBar: (work: Work) => Progress, lines: MigrationProgress): MigrationProgress {
  let bar: Progress | undefined;
  return {
    progress(one) {
      const { message, done = 0, total } = one;
      if (total === undefined) return lines.progress(one);
      // At once: calls come some thousand objects apart, and v1 is paused.
      bar ??= startBar({ title: message, total, unit: 'objects', quietMs: 0 });
      bar.update(done);
    },
    progressEnd() {
      bar?.end();
      bar = undefined;
    },
  };
}
