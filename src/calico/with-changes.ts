import type { Cluster, Resource, Selection } from '../kube/cluster.ts';
import { openBell, type Bell } from './bell.ts';

/** Runs `work` beside watches of some objects. Rejects when a watch fails for good. */
export async function withChanges<T>(
  cluster: Cluster,
  selections: readonly (readonly [Resource, Selection])[],
  signal: AbortSignal,
  work: (changes: Pick<Bell, 'next'>) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const bell = openBell();
  const watching = Promise.all(selections.map(([resource, selection]) => ringOnChange(bell, cluster, resource, selection, either)));
  try {
    return await Promise.race([work(bell), watching.then(() => new Promise<T>(() => {}))]);
  } finally {
    stop.abort();
    await watching.catch(() => {});
  }
}

async function ringOnChange(bell: Bell, cluster: Cluster, resource: Resource, selection: Selection, signal: AbortSignal): Promise<void> {
  for await (const _objects of cluster.observe(resource, selection, signal)) bell.ring();
}
