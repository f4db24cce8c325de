import { expect, test } from 'vitest';
import { startConversion } from '../../../../src/calico/migration/conversion.ts';
import { convertWhole, leavesAt } from '../../../../src/calico/migration/index.ts';
import { inPathOrder } from '../../../../src/calico/migration/order.ts';
import { HOSTS } from '../../../../src/calico/migration/reads.ts';
import { EtcdError } from '../../../../src/etcd/errors.ts';
import type { EtcdV2, V2Leaf } from '../../../../src/etcd/v2.ts';
import { v1Reader } from '../../../../src/migrate/engine/v1-reader.ts';
import { v1Cluster } from '../../../calico-v1/cluster.ts';

const entries = inPathOrder([...v1Cluster({ workloadEndpoints: 40, nodes: 12 })]);
const hosts = leavesAt(entries, HOSTS).map(({ path }) => path.slice(HOSTS.path.length + 1));

/** An etcd of these entries that notes what it is asked. */
function etcdWith(asked: string[], denied?: string): EtcdV2 {
  const leaves = async (path: string, depth: 'all' | 'children'): Promise<readonly V2Leaf[]> => {
    asked.push(path);
    if (path === denied) throw new EtcdError('denied', 'no right');
    return leavesAt(entries, { path, depth }).map((entry) => ({ ...entry, modifiedIndex: 1 }));
  };
  return { leaves } as unknown as EtcdV2;
}

test('what it reads is all that there is, with few requests', async () => {
  const asked: string[] = [];
  const read = v1Reader(etcdWith(asked));
  const conversion = startConversion({ datastore: 'etcd', hosts });
  const outcomes = [];
  for (const one of conversion.reads) outcomes.push(...conversion.convert(one, await read(one)));

  expect(outcomes).toEqual([...convertWhole(entries, { datastore: 'etcd' })]);
  expect(asked.filter((path) => path.startsWith('/calico/bgp/v1/host'))).toEqual(['/calico/bgp/v1/host']);
  expect(asked.filter((path) => path.endsWith('/endpoint'))).toEqual([hosts[0], hosts[10]].map((host) => `/calico/v1/host/${host}/endpoint`));
  expect(asked.length).toBeLessThan(hosts.length * 5);
});

test('only what lies beside the data may be denied', async () => {
  const beside = { part: 'rest', paths: [{ path: '/calico', depth: 'children' }] } as const;
  const pools = { part: 'ip-pools', paths: [{ path: '/calico/v1/ipam', depth: 'all' }] } as const;

  expect(await v1Reader(etcdWith([], '/calico'))(beside)).toEqual([]);
  await expect(v1Reader(etcdWith([], '/calico/v1/ipam'))(pools)).rejects.toThrow('no right');
});
