import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convertWhole, leavesAt } from '../../../../src/calico/migration/convert-whole.ts';
import { startConversion } from '../../../../src/calico/migration/conversion.ts';
import { isFailure, type V1Entry } from '../../../../src/calico/migration/model.ts';
import { parseCidr, parseIp } from '../../../../src/calico/migration/net.ts';
import { byteOrder, pathOrder } from '../../../../src/calico/migration/order.ts';
import { HOSTS } from '../../../../src/calico/migration/reads.ts';
import { storageKeyOf, storedObject } from '../../../../src/calico/migration/storage.ts';
import { v1Key, v1Path, type V1Key } from '../../../../src/calico/migration/v1/keys.ts';
import { validate } from '../../../../src/calico/migration/validate/validate.ts';
import { v1Cluster } from '../../../calico-v1/cluster.ts';
import { leaf } from '../../../calico-v1/outcomes.ts';

/** One path segment as somebody might have named something; etcd can't hold an empty one. */
const segment = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('node-1', 'Node-1', 'node_1', 'eth0', 'a.b', 'k8s', 'cni') }, { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 12 }) });
const host = segment.filter((text) => !text.includes('/'));
const cidr = fc.constantFrom('10.0.0.0/8', '10.0.0.1/32', '10.0.0.1/16', 'fd00::/64', 'fd00::1/128', 'nonsense');
const ip = fc.constantFrom('10.0.0.1', 'fd00::1', 'nonsense');
const selector = fc.constantFrom('', 'all()', "a == 'b'", 'has(calico/k8s_ns)', 'broken ==');
const labels = fc.dictionary(fc.oneof(segment, fc.constantFrom('calico/k8s_ns', 'app')), fc.string({ maxLength: 70 }), { maxKeys: 3 });
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const port = fc.constantFrom<number | string>(80, 0, '1:2', 'http', '!', 65535);

const rule = fc.record({
  action: optional(fc.constantFrom('allow', 'deny', 'next-tier', 'Log', 'maybe')),
  ip_version: optional(fc.constantFrom(4, 6, 5)),
  protocol: optional(fc.constantFrom<number | string>('tcp', 'UDP', 'icmp', 'icmpv6', 6, '17', 0, 'odd')),
  icmp_type: optional(fc.integer({ min: -1, max: 256 })),
  icmp_code: optional(fc.integer({ min: -1, max: 256 })),
  src_tag: optional(segment),
  src_net: optional(cidr),
  '!dst_nets': optional(fc.array(cidr, { maxLength: 2 })),
  '!src_selector': optional(selector),
  dst_ports: optional(fc.array(port, { maxLength: 2 })),
});
const rules = fc.record({ inbound_rules: optional(fc.array(rule, { maxLength: 2 })), outbound_rules: optional(fc.array(rule, { maxLength: 2 })) });
const policy = fc
  .record({ order: optional(fc.double()), selector, untracked: fc.boolean(), pre_dnat: fc.boolean(), types: optional(fc.array(fc.constantFrom('ingress', 'Egress', 'both'), { maxLength: 2 })), annotations: optional(labels) })
  .chain((value) => rules.map((more) => ({ ...value, ...more })));
const endpointPorts = fc.array(fc.record({ name: segment, protocol: fc.constantFrom<number | string>('tcp', 'udp', 'icmp', 6), port: fc.integer({ min: 0, max: 65535 }) }), { maxLength: 2 });
const workload = fc.record({
  name: segment,
  active_instance_id: optional(segment),
  mac: optional(fc.constantFrom('02:42:7d:c6:f0:80', '0242.7dc6.f080', 'nonsense')),
  profile_ids: fc.array(segment, { maxLength: 2 }),
  ipv4_nets: fc.array(cidr, { maxLength: 2 }),
  ipv4_nat: fc.array(fc.record({ int_ip: ip, ext_ip: ip }), { maxLength: 1 }),
  ipv4_gateway: optional(ip),
  labels: optional(labels),
  ports: optional(endpointPorts),
});
const hostEndpoint = fc.record({ name: optional(segment), expected_ipv4_addrs: optional(fc.array(ip, { maxLength: 2 })), labels: optional(labels), profile_ids: optional(fc.array(segment, { maxLength: 2 })), ports: optional(endpointPorts) });
const pool = fc.record({ cidr, ipip: fc.constantFrom('', 'tunl0'), ipip_mode: fc.constantFrom('', 'always', 'cross-subnet'), masquerade: fc.boolean(), disabled: fc.boolean() });

const entry: fc.Arbitrary<V1Entry> = fc.oneof(
  fc.tuple(segment, policy).map(([name, value]) => leaf({ is: 'policy', name }, value)),
  fc.tuple(segment, rules).map(([name, value]) => leaf({ is: 'profile', name, of: 'rules' }, value)),
  fc.tuple(segment, fc.array(segment, { maxLength: 3 })).map(([name, value]) => leaf({ is: 'profile', name, of: 'tags' }, value)),
  fc.tuple(segment, labels).map(([name, value]) => leaf({ is: 'profile', name, of: 'labels' }, value)),
  fc.tuple(host, segment, segment, segment, workload).map(([one, orchestrator, id, endpoint, value]) => leaf({ is: 'workload endpoint', host: one, orchestrator, workload: id, id: endpoint }, value)),
  fc.tuple(host, segment, workload).map(([one, id, value]) => leaf({ is: 'workload endpoint', host: one, orchestrator: 'k8s', workload: `default.${id}`, id: 'eth0' }, value)),
  fc.tuple(host, segment, hostEndpoint).map(([one, id, value]) => leaf({ is: 'host endpoint', host: one, id }, value)),
  fc.tuple(fc.constantFrom('10.0.0.0-16', 'fd00::-64', 'odd'), pool).map(([name, value]) => leaf(`/calico/v1/ipam/v4/pool/${name}`, value)),
  fc.tuple(host, fc.constantFrom('ip_addr_v4', 'network_v4', 'ip_addr_v6', 'as_num'), fc.oneof(ip, cidr, fc.constant('64512'))).map(([one, name, value]) => leaf({ is: 'node bgp config', host: one, name }, value)),
  fc.tuple(fc.constantFrom('LogSeverityScreen', 'IpInIpMtu', 'RouteRefreshInterval', 'DefaultEndpointToHostAction', 'Odd'), fc.constantFrom('info', '1440', '1.5', 'ACCEPT', '')).map(([name, value]) => leaf({ is: 'global config', name }, value)),
  fc.tuple(host, fc.constantFrom('LogPrefix', 'IpInIpTunnelAddr'), segment).map(([one, name, value]) => leaf({ is: 'host config', host: one, name }, value)),
  fc.tuple(host, ip).map(([one, address]) => leaf(`/calico/bgp/v1/host/${one}/peer_v4/${address}`, { ip: address, as_num: '64512' })),
);

/** Leaves of one datastore: every path once, and no leaf below another. */
const datastore = fc.uniqueArray(entry, { selector: ({ path }) => path, maxLength: 25 }).map((entries) => entries.filter(({ path }) => !entries.some((other) => other.path.startsWith(`${path}/`))));
const convert = (entries: readonly V1Entry[]) => [...convertWhole(entries, { datastore: 'etcd' })];

describe('for any v1 datastore', () => {
  test('what is converted is valid, has a key of its own, and no key is made of anything but names', () => {
    fc.assert(
      fc.property(datastore, (entries) => {
        const objects = convert(entries).flatMap((one) => (one.is === 'converted' ? [one.object] : []));
        for (const object of objects) if (object.is === 'resource') expect(validate(object.resource)).toEqual([]);
        const keys = objects.map(storageKeyOf);
        expect(new Set(keys).size).toBe(keys.length);
        for (const key of keys.filter((one) => one.startsWith('/calico/resources'))) expect(key).toMatch(/^\/calico\/resources\/v3\/projectcalico\.org\/[a-z]+(\/[-a-z0-9]+)?\/[-.a-z0-9]+$/);
      }),
      { numRuns: 150 },
    );
  });

  test('every policy, profile, endpoint and pool is converted or reported', () => {
    fc.assert(
      fc.property(datastore, (entries) => {
        const named = convert(entries).map(({ v1 }) => v1);
        for (const { path } of entries.filter((one) => /\/(policy|endpoint|pool)\//.test(one.path))) {
          const key = v1Key(path);
          expect(named.filter((one) => one.includes(expectedText(key, path))).length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('converting twice is the same, whatever the order of the leaves', () => {
    fc.assert(
      fc.property(datastore, (entries) => {
        expect(convert(entries.toReversed())).toEqual(convert(entries));
      }),
      { numRuns: 60 },
    );
  });
});

function expectedText(key: V1Key | undefined, path: string): string {
  if (!key) return path;
  if (key.is === 'policy' || key.is === 'profile') return `(name=${key.name})`;
  if (key.is === 'workload endpoint' || key.is === 'host endpoint') return `name=${key.id})`;
  return key.is === 'ip pool' ? 'IPPool(cidr=' : path;
}

describe('keys', () => {
  const text = fc.string({ minLength: 1 });
  const anyCidr = fc.constantFrom('10.0.0.0/8', 'fd00::/64').map((one) => parseCidr(one)!);
  const anyIp = fc.oneof(fc.ipV4(), fc.ipV6()).map((one) => parseIp(one)!);
  const key: fc.Arbitrary<V1Key> = fc.oneof(
    fc.record({ is: fc.constant('policy' as const), name: text }),
    fc.record({ is: fc.constant('profile' as const), name: text, of: fc.constantFrom('tags' as const, 'labels' as const, 'rules' as const) }),
    fc.record({ is: fc.constant('workload endpoint' as const), host, orchestrator: text, workload: text, id: text }),
    fc.record({ is: fc.constant('host endpoint' as const), host, id: text }),
    fc.record({ is: fc.constant('ip pool' as const), cidr: anyCidr }),
    fc.record({ is: fc.constant('ipam block' as const), cidr: anyCidr }),
    fc.record({ is: fc.constant('ipam affinity' as const), host, cidr: anyCidr }),
    fc.record({ is: fc.constant('node peer' as const), host, ip: anyIp }),
    fc.record({ is: fc.constant('global peer' as const), ip: anyIp }),
  );

  test('are read back from their paths', () => {
    fc.assert(
      fc.property(key, (one) => {
        expect(v1Key(v1Path(one))).toEqual(one);
      }),
    );
  });
});

describe('orders', () => {
  test("of strings is Go's: by bytes of UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(Math.sign(byteOrder(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });

  test("of paths is etcd's: directory by directory", () => {
    expect(['/a-b/x', '/a/y', '/a', '/a/x/z', '/a.b', '/B'].toSorted(pathOrder)).toEqual(['/B', '/a', '/a/x/z', '/a/y', '/a-b/x', '/a.b']);
  });
});

describe('a cluster made for load tests', () => {
  const entries = [...v1Cluster({ workloadEndpoints: 300 })];

  test('is converted without a failure, and has what it promises', () => {
    const outcomes = convert(entries);
    expect(outcomes.filter(isFailure)).toEqual([]);
    const count = (prefix: string) => outcomes.filter((one) => one.is === 'converted' && one.v3.startsWith(prefix)).length;
    expect([count('WorkloadEndpoint('), count('Node('), count('IPAMHandleKey('), count('GlobalNetworkPolicy(')]).toEqual([300, 6, 300, 5]);
    expect(new Set(entries.map(({ path }) => path)).size).toBe(entries.length);
    expect(new Set(outcomes.flatMap((one) => (one.is === 'converted' ? [storageKeyOf(one.object)] : []))).size).toBe(outcomes.filter((one) => one.is === 'converted').length);
  });

  test('is converted read by read as it is as a whole', () => {
    const sorted = entries.toSorted((a, b) => pathOrder(a.path, b.path));
    const hosts = leavesAt(sorted, HOSTS).map(({ path }) => path.slice(HOSTS.path.length + 1));
    const conversion = startConversion({ datastore: 'etcd', hosts });
    const outcomes = [...conversion.reads].flatMap((read) => [...conversion.convert(read, read.paths.flatMap((path) => leavesAt(sorted, path)).toReversed())]);
    const stamp = { uid: 'u', creationTimestamp: 't' };
    const stored = (list: readonly (typeof outcomes)[number][]) => list.flatMap((one) => (one.is === 'converted' ? [storedObject(one.object, stamp)] : []));
    expect(stored(outcomes)).toEqual(stored(convert(entries)));
    expect(stored(outcomes).slice(0, 2).map(({ key }) => key)).toEqual([
      '/calico/resources/v3/projectcalico.org/felixconfigurations/default',
      '/calico/resources/v3/projectcalico.org/clusterinformations/default',
    ]);
  });

  test('reads out of order are refused', () => {
    const conversion = startConversion({ datastore: 'etcd', hosts: [] });
    conversion.convert({ part: 'policies', paths: [] }, []);
    expect(() => conversion.convert({ part: 'config', paths: [] }, [])).toThrow('part config came after policies');
  });
});
