import { describe, expect, test } from 'vitest';
import { storedObject } from '../../../../src/calico/migration/storage.ts';
import type { Outcome } from '../../../../src/calico/migration/model.ts';
import { leaf, outcomesOf, resourcesIn } from '../../../calico-v1/outcomes.ts';

const pool = (value: object, path = '/calico/v1/ipam/v4/pool/10.0.0.0-16') => outcomesOf(leaf(path, { cidr: '10.0.0.0/16', ipip: '', ipip_mode: '', ...value }));

describe('IP pools', () => {
  test('without IPIP', () => {
    expect(resourcesIn(pool({ masquerade: true, ipam: true, disabled: false }))).toEqual([
      {
        kind: 'IPPool',
        apiVersion: 'projectcalico.org/v3',
        metadata: { name: '10-0-0-0-16' },
        spec: { cidr: '10.0.0.0/16', vxlanMode: 'Never', ipipMode: 'Never', natOutgoing: true, blockSize: 26, nodeSelector: 'all()' },
      },
    ]);
  });

  test.each([
    [{ ipip: 'tunl0' }, 'Always'],
    [{ ipip: 'tunl0', ipip_mode: 'always' }, 'Always'],
    [{ ipip: 'tunl0', ipip_mode: 'Cross-Subnet' }, 'CrossSubnet'],
    [{ ipip: '', ipip_mode: 'cross-subnet' }, 'Never'],
  ])('%o is %s', (value, ipipMode) => {
    expect(resourcesIn(pool(value))[0]?.spec).toMatchObject({ ipipMode });
  });

  test('of IPv6', () => {
    expect(pool({ cidr: '2006::/64' }, '/calico/v1/ipam/v6/pool/2006::-64')).toMatchObject([
      { is: 'converted', v1: 'IPPool(cidr=2006::/64)', v3: 'IPPool(2006---64)', object: { resource: { spec: { cidr: '2006::/64', blockSize: 122, ipipMode: 'Never' } } } },
    ]);
  });

  test('host bits are kept in name and CIDR, and refused by v3', () => {
    expect(pool({ cidr: '10.0.0.1/16' }, '/calico/v1/ipam/v4/pool/10.0.0.1-16')).toMatchObject([{ is: 'validation error', v1: 'IPPool(cidr=10.0.0.0/16)', v3: 'IPPool(10-0-0-1-16)', cause: expect.stringContaining('not strictly masked') }]);
  });

  test.each([
    [{ cidr: '2006::/64', ipip: 'tunl0' }, 'IPpool.IPIPMode'],
    [{ cidr: '10.0.0.0/27' }, 'smaller than a block'],
    [{ cidr: '169.254.0.0/24' }, 'link local'],
    [{ cidr: '0.0.0.0/0' }, 'link local range 169.254.0.0/16'],
    [{ cidr: 'fe80::/64' }, 'link local range fe80::/10'],
    [{ cidr: '::/0' }, 'Metadata.Name'],
  ])('v3 refuses %o', (value, cause) => {
    expect(pool(value)).toMatchObject([{ is: 'validation error', cause: expect.stringContaining(cause) }]);
  });

  test('a small pool is fine when it is disabled', () => {
    expect(pool({ cidr: '10.0.0.0/27', disabled: true })).toMatchObject([{ is: 'converted', object: { resource: { spec: { disabled: true } } } }]);
  });
});

describe('IPAM data', () => {
  const block = (value: object) => outcomesOf(leaf('/calico/ipam/v2/assignment/ipv4/block/10.0.0.0-26', { cidr: '10.0.0.0/26', strictAffinity: false, allocations: [0, null], unallocated: [1], attributes: [{ handle_id: 'h', secondary: { node: 'HOST' } }], ...value }));
  const written = (outcomes: readonly Outcome[]) => outcomes.map((one) => (one.is === 'converted' ? storedObject(one.object, { uid: 'unused', creationTimestamp: 'unused' }) : one));

  test.each([
    [{ affinity: 'host:My_Host' }, 'host:my-host'],
    [{ hostAffinity: 'My_Host' }, 'host:my-host'],
    [{ affinity: null, hostAffinity: null }, null],
    [{ affinity: 'other:X' }, 'other:X'],
    [{ affinity: 'host:New', hostAffinity: 'Old' }, 'host:new'],
    [{ affinity: 'other:X', hostAffinity: 'Old' }, 'host:old'],
  ])('a block with %o has the affinity %s', (value, affinity) => {
    expect(written(block(value))).toEqual([
      {
        key: '/calico/ipam/v2/assignment/ipv4/block/10.0.0.0-26',
        value: JSON.stringify({
          cidr: '10.0.0.0/26',
          affinity,
          strictAffinity: false,
          allocations: [0, null],
          unallocated: [1],
          attributes: [{ handle_id: 'h', secondary: { node: 'HOST' } }],
          deleted: false,
          ...('hostAffinity' in value && 'affinity' in value && value.affinity !== null && { hostAffinity: value.hostAffinity }),
        }),
      },
    ]);
  });

  test('affinities: the host in the key is normalised, old ones are empty', () => {
    const outcomes = outcomesOf(leaf('/calico/ipam/v2/host/My_Host/ipv4/block/10.0.0.0-26', ''), leaf('/calico/ipam/v2/host/b/ipv6/block/aa::-122', { state: 'confirmed' }));
    expect(written(outcomes)).toEqual([
      { key: '/calico/ipam/v2/host/my-host/ipv4/block/10.0.0.0-26', value: '{"state":"","deleted":false}' },
      { key: '/calico/ipam/v2/host/b/ipv6/block/aa::-122', value: '{"state":"confirmed","deleted":false}' },
    ]);
    expect(outcomes[0]).toMatchObject({ v1: 'BlockAffinityKey(cidr=10.0.0.0/26, host=My_Host)', v3: 'BlockAffinityKey(cidr=10.0.0.0/26, host=my-host)', named: false });
  });

  test('affinities that would overwrite each other clash', () => {
    expect(outcomesOf(...['A', 'a'].map((host) => leaf(`/calico/ipam/v2/host/${host}/ipv4/block/10.0.0.0-26`, '')))).toMatchObject([{ is: 'converted' }, { is: 'clash', other: 'BlockAffinityKey(cidr=10.0.0.0/26, host=A)' }]);
  });

  test('handles and settings', () => {
    const outcomes = outcomesOf(leaf('/calico/ipam/v2/handle/k8s-pod.x', { block: { '10.0.0.0/26': 1 } }), leaf('/calico/ipam/v2/config', { strict_affinity: true, auto_allocate_blocks: false }));
    expect(written(outcomes)).toEqual([
      { key: '/calico/ipam/v2/handle/k8s-pod.x', value: '{"block":{"10.0.0.0/26":1},"deleted":false}' },
      { key: '/calico/ipam/v2/config', value: '{"strict_affinity":true}' },
    ]);
  });

  test.each([
    ['/calico/ipam/v2/assignment/ipv4/block/nonsense', '{}'],
    ['/calico/ipam/v2/assignment/ipv4/block/10.0.0.0-26', ''],
    ['/calico/ipam/v2/handle/h', '{"block": 3}'],
  ])('%s = "%s" is a conversion error', (path, value) => {
    expect(outcomesOf(leaf(path, value))).toMatchObject([{ is: 'conversion error' }]);
  });
});

test('what lies beside the v1 model is reported, what Calico itself keeps there is not', () => {
  const outcomes = outcomesOf(leaf('/calico/v1/Ready', 'true'), leaf('/calico/v1/netset/n', '{}'), leaf('/calico/felix/v2/host/h/status', '{}'), leaf('/calico/openstack/v1/x', ''), leaf('/calico/v1/policy/tier/default/metadata', '{}'));
  expect(outcomes.map((one) => [one.is, one.v1])).toEqual([
    ['skipped', '/calico/v1/policy/tier/default/metadata'],
    ['skipped', '/calico/felix'],
    ['skipped', '/calico/openstack'],
    ['skipped', '/calico/v1/netset'],
  ]);
});
