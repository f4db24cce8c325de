import type { Cluster, Resource, Selection } from './cluster.ts';
import { beside } from './beside.ts';
import { openBell, type Bell } from './bell.ts';

/** Runs `work` beside watches of some objects. Rejects when a watch fails for good. */
export function withChanges<T>(
  cluster: Cluster,
  selections: readonly (readonly [Resource, Selection])[],
  signal: AbortSignal,
  work: (changes: Pick<Bell, 'next'>) => Promise<T>,
): Promise<T> {
  const bell = openBell();
  const watchAll = (until: AbortSignal): Promise<unknown> => Promise.all(selections.map(([resource, selection]) => ringOnChange(bell, cluster, resource, selection, until)));
  return beside(watchAll, signal, () => work(bell));
}

async function ringOnChange(bell: Bell, cluster: Cluster, resource: Resource, selection: Selection, signal: AbortSignal): Promise<void> {
  for await (const _objects of cluster.observe(resource, selection, signal)) bell.ring();
}
