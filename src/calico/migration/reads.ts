import type { ConversionOptions, Part, V1Path, V1Read } from './model.ts';
import { byteOrder } from './order.ts';

/** The children of this directory are the hosts that a conversion starts with. */
export const HOSTS: V1Path = { path: '/calico/v1/host', depth: 'children' };

/** What to read, in upstream's order of conversion and storage. Host by host, because the etcd v2 API has no pages. Hosts go in byte order, as etcd sorts. */
export function* v1Reads({ datastore, hosts = [] }: ConversionOptions): Generator<V1Read> {
  const sorted = hosts.toSorted(byteOrder);
  const perHost = (part: Part, paths: (host: string) => readonly V1Path[]): readonly V1Read[] => sorted.map((host) => ({ part, host, paths: paths(host) }));
  const etcd = datastore === 'etcd';

  yield { part: 'config', paths: [all('/calico/v1/config')] };
  if (etcd) yield* perHost('host-config', (host) => [all(`/calico/v1/host/${host}/config`)]);
  yield { part: 'bgp-config', paths: [children('/calico/bgp/v1/global')] };
  if (etcd) {
    yield* perHost('nodes', (host) => [children(`/calico/v1/host/${host}`), children(`/calico/bgp/v1/host/${host}`)]);
    yield { part: 'global-peers', paths: [all('/calico/bgp/v1/global')] };
  }
  yield { part: 'node-peers', paths: [all('/calico/bgp/v1/host')] };
  if (!etcd) return;
  yield* perHost('host-endpoints', (host) => [all(`/calico/v1/host/${host}/endpoint`)]);
  yield { part: 'ip-pools', paths: [all('/calico/v1/ipam')] };
  yield { part: 'policies', paths: [all('/calico/v1/policy/tier')] };
  yield { part: 'profiles', paths: [all('/calico/v1/policy/profile')] };
  yield* perHost('workload-endpoints', (host) => [all(`/calico/v1/host/${host}/workload`)]);
  yield { part: 'ipam-blocks', paths: [all('/calico/ipam/v2/assignment')] };
  yield { part: 'ipam-affinities', paths: [all('/calico/ipam/v2/host')] };
  yield { part: 'ipam-handles', paths: [all('/calico/ipam/v2/handle')] };
  yield { part: 'ipam-config', paths: [all('/calico/ipam/v2/config')] };
  yield { part: 'rest', paths: ['/calico', '/calico/v1', '/calico/v1/policy', '/calico/bgp/v1', '/calico/ipam/v2'].map(children) };
}

/** Everything that `v1Reads` finds, in few reads and in no useful order: for who wants to know what changed. */
export function* wholeV1(hosts: readonly string[]): Generator<V1Path> {
  yield* hosts.map((host) => all(`${HOSTS.path}/${host}`));
  yield* ['/calico/v1/config', '/calico/bgp/v1', '/calico/v1/ipam', '/calico/v1/policy/tier', '/calico/v1/policy/profile', '/calico/ipam/v2/assignment', '/calico/ipam/v2/host', '/calico/ipam/v2/handle', '/calico/ipam/v2/config'].map(all);
}

function all(path: string): V1Path {
  return { path, depth: 'all' };
}

function children(path: string): V1Path {
  return { path, depth: 'children' };
}
