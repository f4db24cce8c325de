/** Runs `work` while `background` goes on; the background is told to stop when the work ends. Rejects when the background fails. */
export async function beside<T>(background: (signal: AbortSignal) => Promise<unknown>, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const running = background(AbortSignal.any([signal, stop.signal]));
  try {
    return await Promise.race([work(), running.then(() => new Promise<T>(() => {}))]);
  } finally {
    stop.abort();
    await running.catch(() => {});
  }
}
