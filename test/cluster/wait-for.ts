import { setTimeout as pause } from 'node:timers/promises';

export interface WaitOptions {
  /** Default 60. */
  readonly seconds?: number;
  /** Default 250. */
  readonly everyMs?: number;
}

/**
 * Asks again and again until the answer is truthy, and returns it. An error counts as "not yet": the last one is the
 * cause of the error thrown when the time is up.
 */
export async function waitFor<T>(
  description: string,
  ask: () => Promise<T | undefined | false | null> | T | undefined | false | null,
  options: WaitOptions = {},
): Promise<T> {
  const seconds = options.seconds ?? 60;
  const end = Date.now() + seconds * 1000;
  let cause: unknown;
  for (;;) {
    try {
      const answer = await ask();
      cause = undefined;
      if (answer) return answer;
    } catch (error) {
      if (error instanceof GiveUp) throw error;
      cause = error;
    }
    if (Date.now() >= end) {
      const detail = cause instanceof Error ? `: ${cause.message}` : '';
      throw new Error(`waited ${seconds} s in vain for ${description}${detail}`, { cause });
    }
    await pause(options.everyMs ?? 250);
  }
}

/** Thrown by a question of `waitFor` whose answer can never come. */
export class GiveUp extends Error {}
