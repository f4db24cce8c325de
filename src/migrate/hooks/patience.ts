import { setTimeout as sleep } from 'node:timers/promises';
import { mayPass } from '../transient.ts';

export interface Patience {
  /** From the first failure on. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Told of each failure that is tried again. */
  readonly failed: (message: string) => void;
}

/** Tries again what may pass, with growing pauses. Rejects at once with what does not, and when the patience is at its end. */
export async function patiently<T>(work: () => Promise<T>, { seconds, signal, failed }: Patience): Promise<T> {
  let since: number | undefined;
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      since ??= Date.now();
      const pause = pauseMs(attempt);
      if (signal.aborted || !mayPass(error) || Date.now() + pause - since > seconds * 1000) throw error;
      failed(error instanceof Error ? error.message : String(error));
      await sleep(pause, undefined, { signal });
    }
  }
}

/** Doubles up to ten seconds, with a quarter by chance: a thousand nodes should not come back in one moment. */
function pauseMs(attempt: number): number {
  return Math.min(500 * 2 ** attempt, 10_000) * (0.75 + Math.random() / 4);
}
