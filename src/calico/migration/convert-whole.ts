import { startConversion } from './conversion.ts';
import type { ConversionOptions, Outcome, V1Entry, V1Path } from './model.ts';
import { pathOrder } from './order.ts';
import { HOSTS } from './reads.ts';

/** Converts a datastore that is in memory as a whole: a Kubernetes datastore, or a small one. For etcd at large see `startConversion`. */
export function* convertWhole(entries: readonly V1Entry[], { datastore }: Pick<ConversionOptions, 'datastore'>): Generator<Outcome> {
  const sorted = entries.toSorted((a, b) => pathOrder(a.path, b.path));
  const hosts = datastore === 'etcd' ? leavesAt(sorted, HOSTS).map(({ path }) => path.slice(HOSTS.path.length + 1)) : [];
  const conversion = startConversion({ datastore, hosts });
  for (const read of conversion.reads) yield* conversion.convert(read, read.paths.flatMap((path) => leavesAt(sorted, path)));
}

/** What a read of `path` finds. @param sorted by `pathOrder` */
export function leavesAt(sorted: readonly V1Entry[], { path, depth }: V1Path): readonly V1Entry[] {
  const own = sorted[firstNotBefore(sorted, path)];
  if (own?.path === path) return depth === 'all' ? [own] : [];
  const below = sorted.slice(firstNotBefore(sorted, `${path}/`), firstNotBefore(sorted, `${path}/\uffff`));
  return depth === 'all' ? below : childrenOf(path, below);
}

function firstNotBefore(sorted: readonly V1Entry[], path: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pathOrder(sorted[middle]!.path, path) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function childrenOf(path: string, below: readonly V1Entry[]): readonly V1Entry[] {
  const children = new Map<string, V1Entry>();
  for (const entry of below) {
    const end = entry.path.indexOf('/', path.length + 1);
    const child = end < 0 ? entry : { path: entry.path.slice(0, end), value: '' };
    children.set(child.path, child);
  }
  return [...children.values()];
}
