import { describe, expect, test } from 'vitest';
import { leaf, outcomesOf, resourcesIn } from '../../../calico-v1/outcomes.ts';

/** A host with BGP settings. */
function node(settings: Readonly<Record<string, string>>, more: readonly ReturnType<typeof leaf>[] = [], host = 'myHost') {
  return outcomesOf(leaf({ is: 'host metadata', host }, {}), ...Object.entries(settings).map(([name, value]) => leaf({ is: 'node bgp config', host, name }, value)), ...more);
}
const specOf = (outcomes: ReturnType<typeof outcomesOf>, kind = 'Node') => resourcesIn(outcomes).find((one) => one.kind === kind)?.spec;

describe('nodes', () => {
  test('with both families, AS number, orchestrator references and tunnel address', () => {
    const outcomes = node({ ip_addr_v4: '1.2.3.4', network_v4: '1.2.3.0/24', ip_addr_v6: 'aa:bb::cc', network_v6: 'aa:bb::/120', as_num: '1.10' }, [
      leaf({ is: 'orchestrator refs', host: 'myHost' }, [{ orchestrator: 'k8s', nodeName: 'myHost' }, { orchestrator: 'other' }]),
      leaf({ is: 'host config', host: 'myHost', name: 'IpInIpTunnelAddr' }, '192.168.0.1'),
    ]);
    expect(outcomes).toMatchObject([{ is: 'converted', v1: 'Node(name=myHost)', v3: 'Node(myhost)', named: true }]);
    expect(specOf(outcomes)).toEqual({
      bgp: { asNumber: 65546, ipv4Address: '1.2.3.4/24', ipv6Address: 'aa:bb::cc/120', ipv4IPIPTunnelAddr: '192.168.0.1' },
      orchRefs: [{ nodeName: 'myHost', orchestrator: 'k8s' }, { orchestrator: 'other' }],
    });
  });

  test.each([
    ['IPv4 only', { ip_addr_v4: '1.2.3.4', network_v4: '1.2.3.0/24', ip_addr_v6: '' }, { ipv4Address: '1.2.3.4/24' }],
    ['IPv6 only', { ip_addr_v6: 'aa:bb::cc', network_v6: 'aa:bb::/120', network_v4: '' }, { ipv6Address: 'aa:bb::cc/120' }],
    ['IPv4 without a network', { ip_addr_v4: '1.2.3.4' }, { ipv4Address: '1.2.3.4/32' }],
    ['IPv6 without a network', { ip_addr_v6: 'aa:bb::cc' }, { ipv6Address: 'aa:bb::cc/128' }],
  ])('%s', (_name, settings, bgp) => {
    expect(specOf(node(settings as Record<string, string>))).toEqual({ bgp });
  });

  test('an AS number or a tunnel address alone has no place in v3, and that is said', () => {
    const outcomes = node({ as_num: '64512' }, [leaf({ is: 'host config', host: 'myHost', name: 'IpInIpTunnelAddr' }, '192.168.0.1')]);
    expect(specOf(outcomes)).toEqual({});
    expect(outcomes.filter((one) => one.is === 'skipped').map(({ v1 }) => v1)).toEqual(['HostBGPConfig(node=myHost; name=as_num)', 'HostConfig(node=myHost,name=IpInIpTunnelAddr)']);
  });

  test('a host that has nothing but a host endpoint is a node too', () => {
    expect(outcomesOf(leaf({ is: 'host endpoint', host: 'h', id: 'e' }, { name: 'eth0' })).map((one) => 'v3' in one && one.v3)).toEqual(['Node(h)', 'HostEndpoint(h.e)']);
  });

  test.each([
    [{ ip_addr_v4: '1.2.3' }, 'HostBGPConfig(node=myHost; name=ip_addr_v4)', '"1.2.3" is no IP address'],
    [{ ip_addr_v4: '1.2.3.4', network_v4: '1.2.3.0' }, 'HostBGPConfig(node=myHost; name=network_v4)', '"1.2.3.0" is no CIDR'],
    [{ ip_addr_v4: '1.2.3.4', network_v4: 'aa::/64' }, 'HostBGPConfig(node=myHost; name=network_v4)', 'the network is of IPv6, the address of IPv4'],
    [{ ip_addr_v4: '1.2.3.4', as_num: 'many' }, 'HostBGPConfig(node=myHost; name=as_num)', '"many" is no AS number'],
  ])('%o is a conversion error, not unset', (settings, v1, cause) => {
    expect(node(settings as Record<string, string>)).toEqual([{ is: 'conversion error', v1, cause }]);
  });

  test('an IPv6 address in the place of IPv4, a bad tunnel address: v3 refuses them', () => {
    expect(node({ ip_addr_v4: 'aa::1' })).toMatchObject([{ is: 'validation error', cause: expect.stringContaining('field IPv4Address') }]);
    expect(node({ ip_addr_v4: '1.2.3.4' }, [leaf({ is: 'host config', host: 'myHost', name: 'IpInIpTunnelAddr' }, 'x')])).toMatchObject([{ is: 'validation error', cause: expect.stringContaining('field IPv4IPIPTunnelAddr') }]);
  });

  test('two hosts of one normalised name clash; the first stays converted', () => {
    const outcomes = ['HOST', 'host', 'Host'].flatMap((host) => [leaf({ is: 'host metadata', host }, {})]);
    expect(outcomesOf(...outcomes)).toMatchObject([
      { is: 'converted', v1: 'Node(name=HOST)' },
      { is: 'clash', v1: 'Node(name=Host)', other: 'Node(name=HOST)', v3: 'Node(host)' },
      { is: 'clash', v1: 'Node(name=host)', other: 'Node(name=Host)', v3: 'Node(host)' },
    ]);
  });
});

describe('BGP peers', () => {
  test.each([
    ['global IPv4', '/calico/bgp/v1/global/peer_v4/1.2.3.4', '1.2.3.4', 'BGPPeer(global, ip=1.2.3.4)', '1-2-3-4', undefined],
    ['global IPv6', '/calico/bgp/v1/global/peer_v6/aa:bb::', 'Aa:bB::', 'BGPPeer(global, ip=aa:bb::)', '00aa-00bb-0000-0000-0000-0000-0000-0000', undefined],
    ['IPv4 of a node', '/calico/bgp/v1/host/peerNode/peer_v4/1.2.3.4', '1.2.3.4', 'BGPPeer(node=peerNode, ip=1.2.3.4)', 'peernode.1-2-3-4', 'peernode'],
    ['IPv6 of a node', '/calico/bgp/v1/host/peerNode/peer_v6/aa:bb::', 'aa:bb::', 'BGPPeer(node=peerNode, ip=aa:bb::)', 'peernode.00aa-00bb-0000-0000-0000-0000-0000-0000', 'peernode'],
  ])('%s', (_name, path, ip, v1, name, ofNode) => {
    const outcomes = outcomesOf(leaf(path, { ip, as_num: '64513' }));
    expect(outcomes).toMatchObject([{ is: 'converted', v1, v3: `BGPPeer(${name})` }]);
    expect(specOf(outcomes, 'BGPPeer')).toEqual({ ...(ofNode !== undefined && { node: ofNode }), peerIP: ip.toLowerCase(), asNumber: 64513 });
  });

  test.each([
    [{ as_num: '64513' }, 'ip'],
    [{ ip: 'nowhere', as_num: '64513' }, '"nowhere" is no IP address'],
    [{ ip: '1.2.3.4', as_num: 'x' }, 'as_num'],
    ['{', 'not JSON'],
    ['[]', 'expected object'],
  ])('%o can’t be read', (value, problem) => {
    expect(outcomesOf(leaf('/calico/bgp/v1/global/peer_v4/1.2.3.4', value))).toMatchObject([{ is: 'conversion error', v1: 'BGPPeer(global, ip=1.2.3.4)', cause: expect.stringContaining(problem) }]);
  });

  test('a key without an address is a conversion error', () => {
    expect(outcomesOf(leaf('/calico/bgp/v1/global/peer_v4/elsewhere', { ip: '1.2.3.4', as_num: '1' }))).toMatchObject([{ is: 'conversion error', v1: '/calico/bgp/v1/global/peer_v4/elsewhere' }]);
  });

  test('BGP settings of a host that is no node are reported, its peers converted', () => {
    expect(outcomesOf(leaf('/calico/bgp/v1/host/gone/peer_v4/1.2.3.4', { ip: '1.2.3.4', as_num: '1' }), leaf('/calico/bgp/v1/host/gone/as_num', '64512'))).toMatchObject([
      { is: 'skipped', v1: 'HostBGPConfig(node=gone; name=as_num)' },
      { is: 'converted', v3: 'BGPPeer(gone.1-2-3-4)' },
    ]);
  });
});

describe('the global BGP configuration', () => {
  const convert = (settings: Readonly<Record<string, unknown>>) => outcomesOf(...Object.entries(settings).map(([name, value]) => leaf({ is: 'bgp config', name }, value)));

  test('is made when anything is set', () => {
    const outcomes = convert({ as_num: '64512', loglevel: 'panic', node_mesh: { enabled: false } });
    expect(outcomes).toMatchObject([{ is: 'converted', v3: 'BGPConfiguration(default)', named: false }]);
    expect(specOf(outcomes, 'BGPConfiguration')).toEqual({ logSeverityScreen: 'Fatal', nodeToNodeMeshEnabled: false, asNumber: 64512 });
  });

  test('is not made of empty settings', () => {
    expect(convert({ as_num: '', loglevel: '' })).toEqual([]);
  });

  test.each([
    [{ as_num: 'x' }, 'GlobalBGPConfig(name=AsNumber)', 'default ASNumber is not valid: x'],
    [{ node_mesh: 'yes' }, 'GlobalBGPConfig(name=NodeMeshEnabled)', 'the value is not JSON'],
  ])('%o is a conversion error', (settings, v1, cause) => {
    expect(convert(settings)).toMatchObject([{ is: 'conversion error', v1, cause: expect.stringContaining(cause) }]);
  });

  test('settings that v3 does not have are reported', () => {
    expect(convert({ 'custom_filters/v4/mine': 'x' })).toMatchObject([{ is: 'skipped', v1: 'GlobalBGPConfig(name=custom_filters)' }]);
  });
});
