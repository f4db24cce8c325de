import { expect, test } from 'vitest';
import type { EtcdV2, V2Leaf } from '../../../../src/etcd/v2.ts';
import { validatePass } from '../../../../src/migrate/engine/passes.ts';
import { leavesAt } from '../../../../src/calico/migration/index.ts';
import { v1Cluster } from '../../../calico-v1/cluster.ts';

/** An etcd that answers the later question first. */
function hasty(entries: readonly { readonly path: string; readonly value: string }[]): EtcdV2 {
  let asked = 0;
  const leaves = async (path: string, depth: 'all' | 'children'): Promise<readonly V2Leaf[]> => {
    const turns = asked++ % 2 === 0 ? 30 : 0;
    for (let i = 0; i < turns; i++) await Promise.resolve();
    return leavesAt(entries, { path, depth }).map((entry) => ({ ...entry, modifiedIndex: 1 }));
  };
  return { leaves } as unknown as EtcdV2;
}

test('data are converted in their order, whatever the order of the answers', async () => {
  const tally = await validatePass(hasty([...v1Cluster({ workloadEndpoints: 20 })].toSorted((a, b) => (a.path < b.path ? -1 : 1))), { signal: new AbortController().signal });
  expect(tally).toMatchObject({ failures: 0, counts: { WorkloadEndpoint: 20, Node: 3 } });
});
