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
  /** Work that is shorter draws no bar, milliseconds. @default 400 */
  readonly quietMs?: number;
}

/** Between two plain lines, in milliseconds. */
const LINE_MS = 5000;

/** A bar on a terminal, a plain line now and then elsewhere; both on the standard error, never on the standard output. */
export async function startProgress(work: Work, io: Io, now: () => number = Date.now): Promise<Progress> {
  return io.errInteractive ? (await import('./progress-bar.ts')).progressBar(work, now) : lines(work, io, now);
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
