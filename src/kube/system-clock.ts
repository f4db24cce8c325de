import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../steps/step.ts';

/** The machine's clock when this module was loaded, in milliseconds since the epoch, less the process's own time then. */
const ORIGIN = Date.now() - performance.now();

/** The machine's clock as it was at the start, going on evenly: a jump in the middle moves no deadline and freezes no rollout. */
export const systemClock: Clock = {
  now: () => Math.round(ORIGIN + performance.now()),
  async sleep(milliseconds, signal) {
    signal.throwIfAborted();
    await sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  },
};
