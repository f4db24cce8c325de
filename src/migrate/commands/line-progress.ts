import type { Surroundings } from './surroundings.ts';

/** Between two lines, milliseconds. */
const LINE_MS = 5000;

/** A line now and then, for logs. */
export function lineProgress(write: (text: string) => void, now: () => number = Date.now): Pick<Surroundings, 'progress' | 'progressEnd'> {
  let last = now();
  return {
    progress({ message, done, total }) {
      if (now() - last < LINE_MS) return;
      last = now();
      write(`${message}: ${done ?? 0}${total === undefined ? '' : ` of ${total}`} objects\n`);
    },
    progressEnd: () => undefined,
  };
}
