import type { Cluster, KubeObject, Resource, Selection } from './cluster.ts';

/** A cluster that connects at the first call, so that a step which asks nothing of it does not pay for the client. */
export function lazyCluster(connect: () => Promise<Cluster>): Cluster {
  let connected: Promise<Cluster> | undefined;
  let found: Cluster | undefined;
  const cluster = (): Promise<Cluster> => (connected ??= connect().then((one) => (found = one)));
  return {
    groups: async () => (await cluster()).groups(),
    get: async (...args) => (await cluster()).get(...args),
    list: async (...args) => (await cluster()).list(...args),
    create: async (...args) => (await cluster()).create(...args),
    replace: async (...args) => (await cluster()).replace(...args),
    mergePatch: async (...args) => (await cluster()).mergePatch(...args),
    delete: async (...args) => (await cluster()).delete(...args),
    async *observe<T extends KubeObject>(resource: Resource, selection: Selection, signal: AbortSignal) {
      yield* (await cluster()).observe<T>(resource, selection, signal);
    },
    logs: async (...args) => (await cluster()).logs(...args),
    clockOffset: () => found?.clockOffset() ?? 0,
  };
}
