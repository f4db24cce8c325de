import type { Clock } from '../step.ts';

/** Resolves at a change or after some milliseconds, whichever is first. Rejects when the signal is aborted. */
export async function changedOr(change: Promise<unknown>, milliseconds: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const timer = new AbortController();
  const slept = clock.sleep(milliseconds, AbortSignal.any([signal, timer.signal])).catch((error: unknown) => {
    if (signal.aborted || !timer.signal.aborted) throw error;
  });
  try {
    await Promise.race([change, slept]);
  } finally {
    timer.abort();
  }
}
