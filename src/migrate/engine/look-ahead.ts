/**
 * Does work for each item, some items ahead of the one whose result is asked for; results come in the order of the items. An error comes in its turn.
 * @param width works under way at once, at least 1
 */
export async function* lookAhead<T, R>(items: Iterable<T>, width: number, work: (item: T) => Promise<R>): AsyncGenerator<R, void, undefined> {
  const running: Promise<R>[] = [];
  for (const item of items) {
    const one = work(item);
    // Whoever stops early does not wait for it.
    one.catch(() => undefined);
    running.push(one);
    if (running.length >= width) yield await running.shift()!;
  }
  for (const one of running) yield await one;
}
