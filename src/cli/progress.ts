import type { Io } from './io.ts';

/** How far long work has come. */
export interface Progress {
  /** What is done, in the units of the total. Cheap enough to be called for every object. */
  update(done: number): void;
  end(): void;
}

export interface Work {
  /** What is being done, such as `synth`. */
  readonly title: string;
  readonly total: number;
  /** What is counted, such as `specs`. @default percent */
  readonly unit?: string;
}

/** Shorter work shows nothing, in milliseconds. */
const QUIET_MS = 400;
/** Between two plain lines, in milliseconds. */
const LINE_MS = 5000;

/** A bar on a terminal, a plain line now and then elsewhere; both on the standard error, never on the standard output. */
export async function startProgress(work: Work, io: Io, now: () => number = Date.now): Promise<Progress> {
  return io.errInteractive ? bar(work, await import('cli-progress'), now) : lines(work, io, now);
}

function lines(work: Work, io: Io, now: () => number): Progress {
  let last = now();
  return {
    update(done) {
      if (now() - last < LINE_MS) return;
      last = now();
      io.err(`${work.title}: ${formatDone(work, done)}\n`);
    },
    end: () => undefined,
  };
}

function formatDone({ total, unit }: Work, done: number): string {
  return unit ? `${done} of ${total} ${unit}` : `${Math.floor((100 * done) / Math.max(total, 1))} %`;
}

/** The work runs in one go, so the bar is drawn by `update`, not by a timer. */
function bar(work: Work, { Presets, SingleBar }: typeof import('cli-progress'), now: () => number): Progress {
  const begun = now();
  const format = `${work.title} {bar} ${work.unit ? `{value} of {total} ${work.unit}` : '{percentage} %'}, {eta_formatted} left`;
  const single = new SingleBar({ format, clearOnComplete: true, synchronousUpdate: true, hideCursor: true, gracefulExit: true }, Presets.shades_classic);
  return {
    update(done) {
      if (single.isActive) single.update(done);
      else if (now() - begun >= QUIET_MS) single.start(work.total, done);
    },
    end: () => single.stop(),
  };
}
