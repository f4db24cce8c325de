import type { KubeObject } from './cluster.ts';
import { lean } from './list.ts';
import type { WatchEvent } from './watch.ts';

/** A selection as last seen; hands a snapshot to its one reader when something has changed. */
export interface Snapshots<T extends KubeObject> {
  replaceAll(objects: readonly T[]): void;
  apply(event: WatchEvent<T>): void;
  /** Lets the reader throw. */
  fail(error: unknown): void;
  /** Sorted by namespace and name; `undefined` once the signal is aborted. */
  next(): Promise<readonly T[] | undefined>;
}

export function snapshots<T extends KubeObject>(signal: AbortSignal): Snapshots<T> {
  let objects: Map<string, T> | undefined;
  let changed = false;
  let failure: { readonly error: unknown } | undefined;
  let wake: (() => void) | undefined;
  const touch = (): void => {
    changed = true;
    wake?.();
  };
  const hasNews = (): boolean => changed || failure !== undefined || signal.aborted;
  signal.addEventListener('abort', () => wake?.(), { once: true });
  return {
    replaceAll(listed) {
      const before = objects;
      objects = new Map(listed.map((object) => [keyOf(object), object]));
      if (!before || !sameVersions(before, objects)) touch();
    },
    apply(event) {
      if (event.type === 'BOOKMARK') return;
      if (event.type === 'DELETED') objects?.delete(keyOf(event.object));
      else objects?.set(keyOf(event.object), lean(event.object));
      touch();
    },
    fail(error) {
      failure = { error };
      wake?.();
    },
    async next() {
      while (!hasNews()) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (signal.aborted) return undefined;
      if (failure) throw failure.error;
      changed = false;
      return [...(objects ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    },
  };
}

function keyOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}/${name}`;
}

function sameVersions(a: ReadonlyMap<string, KubeObject>, b: ReadonlyMap<string, KubeObject>): boolean {
  return a.size === b.size && [...a].every(([key, { metadata }]) => b.get(key)?.metadata.resourceVersion === metadata.resourceVersion);
}
