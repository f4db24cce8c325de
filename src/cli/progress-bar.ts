import cliProgress from 'cli-progress';
import type { Progress, Work } from './progress.ts';

const QUIET_MS = 400;

/** The time that is left is judged by so many updates; objects of a stream differ much in size. */
const ETA_UPDATES = 1000;

/** A bar on the standard error. The work runs in one go, so the bar is drawn by `update`, not by a timer. */
export function progressBar(work: Work, now: () => number): Progress {
  const begun = now();
  const format = `${work.title} {bar} ${work.unit ? `{value} of {total} ${work.unit}` : '{percentage} %'}, {eta_formatted} left`;
  const bar = new cliProgress.SingleBar({ format, clearOnComplete: true, synchronousUpdate: true, hideCursor: true, etaBuffer: ETA_UPDATES }, cliProgress.Presets.shades_classic);
  return {
    update(done) {
      if (bar.isActive) bar.update(done);
      else if (now() - begun >= (work.quietMs ?? QUIET_MS)) bar.start(work.total, done);
    },
    end: () => bar.stop(),
  };
}
