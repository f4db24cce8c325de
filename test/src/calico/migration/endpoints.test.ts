import { describe, expect, test } from 'vitest';
import { leaf, outcomesBesideNodes, resourcesIn } from '../../../calico-v1/outcomes.ts';

const FULL = {
  state: 'active',
  name: 'cali1234',
  active_instance_id: '1337495556942031415926535',
  mac: '02:42:7D:C6:F0:80',
  profile_ids: ['k8s_ns.default', 'pRo/le'],
  ipv4_nets: ['10.0.0.1/32'],
  ipv6_nets: ['2001::/128'],
  ipv4_nat: [{ int_ip: '10.0.0.1', ext_ip: '172.0.0.1' }],
  ipv6_nat: [{ int_ip: '2001::', ext_ip: '2002::' }],
  labels: { 'calico/k8s_ns': 'default', zone: 'a' },
  ipv4_gateway: '10.0.0.254',
  ipv6_gateway: '2001::',
  ports: [{ name: 'my-port', protocol: 'tcp', port: 12345 }],
};

const workload = (orchestrator: string, id: string, value: object, host = 'TestNode') => leaf({ is: 'workload endpoint', host, orchestrator, workload: id, id: 'eth0' }, value);
const convertWorkload = (orchestrator: string, id: string, value: object) => outcomesBesideNodes(workload(orchestrator, id, value));

describe('workload endpoints', () => {
  test('of Kubernetes, with everything set', () => {
    expect(resourcesIn(convertWorkload('k8s', 'default.frontend-5gs43', FULL))).toEqual([
      {
        kind: 'WorkloadEndpoint',
        apiVersion: 'projectcalico.org/v3',
        metadata: { name: 'testnode-k8s-frontend--5gs43-eth0', namespace: 'default', labels: { 'projectcalico.org/namespace': 'default', zone: 'a' } },
        spec: {
          orchestrator: 'k8s',
          node: 'testnode',
          containerID: '1337495556942031415926535',
          pod: 'frontend-5gs43',
          endpoint: 'eth0',
          ipNetworks: ['10.0.0.1/32', '2001::/128'],
          ipNATs: [
            { internalIP: '10.0.0.1', externalIP: '172.0.0.1' },
            { internalIP: '2001::', externalIP: '2002::' },
          ],
          ipv4Gateway: '10.0.0.254',
          ipv6Gateway: '2001::',
          profiles: ['kns.default', 'pro.le-b1554692'],
          interfaceName: 'cali1234',
          mac: '02:42:7d:c6:f0:80',
          ports: [{ name: 'my-port', protocol: 'TCP', port: 12345 }],
        },
      },
    ]);
  });

  test.each([
    ['IPv4 only', { ipv6_nets: [], ipv6_nat: null, ipv6_gateway: null }, { ipNetworks: ['10.0.0.1/32'], ipNATs: [{ internalIP: '10.0.0.1', externalIP: '172.0.0.1' }], ipv4Gateway: '10.0.0.254' }],
    ['IPv6 only', { ipv4_nets: [], ipv4_nat: [], ipv4_gateway: undefined }, { ipNetworks: ['2001::/128'], ipNATs: [{ internalIP: '2001::', externalIP: '2002::' }], ipv6Gateway: '2001::' }],
  ])('%s', (_name, changes, expected) => {
    const [endpoint] = resourcesIn(convertWorkload('k8s', 'default.frontend-5gs43', { ...FULL, ...changes }));
    expect(endpoint?.spec).toMatchObject(expected);
    expect(Object.keys(endpoint?.spec ?? {}).filter((key) => key.startsWith('ipv'))).toEqual(Object.keys(expected).filter((key) => key.startsWith('ipv')));
  });

  test('without labels', () => {
    const [endpoint] = resourcesIn(convertWorkload('k8s', 'default.frontend-5gs43', { ...FULL, labels: {} }));
    expect(endpoint?.metadata).toEqual({ name: 'testnode-k8s-frontend--5gs43-eth0', namespace: 'default' });
  });

  test.each([
    ['cni', '1a2b', { containerID: '1a2b', orchestrator: 'cni' }, 'testnode-cni-1a2b-eth0'],
    ['libnetwork', 'libnetwork', { workload: 'libnetwork' }, 'testnode-libnetwork-libnetwork-eth0'],
    ['mesos', 'task.One', { workload: 'task.one-7760e23d' }, 'testnode-mesos-task.one--7760e23d-eth0'],
  ])('of %s', (orchestrator, id, spec, name) => {
    const [endpoint] = resourcesIn(convertWorkload(orchestrator, id, { name: 'cali1', profile_ids: [] }));
    expect(endpoint?.metadata).toEqual({ name, namespace: 'default' });
    expect(endpoint?.spec).toMatchObject(spec);
  });

  test("of OpenStack are left to Neutron's driver, and said to be", () => {
    expect(convertWorkload('openstack', 'vm', FULL)).toEqual([
      { is: 'skipped', v1: 'WorkloadEndpoint(node=TestNode, orchestrator=openstack, workload=vm, name=eth0)', why: expect.stringContaining('Neutron') },
    ]);
  });

  test('a Pod that cannot be told from the workload is a conversion error', () => {
    expect(convertWorkload('k8s', 'default/frontend-5gs43', FULL)).toEqual([
      {
        is: 'conversion error',
        v1: 'WorkloadEndpoint(node=TestNode, orchestrator=k8s, workload=default/frontend-5gs43, name=eth0)',
        cause: expect.stringContaining("malformed k8s workload ID 'default/frontend-5gs43'"),
      },
    ]);
  });

  test.each([
    ['cni', '-1a', "containerID = '-1a' (field must not begin with a '-')"],
    ['cni', '1a-', "containerID = '1a-' (field must not end with a '-')"],
    ['k8s', 'default.', "pod = '' (field should be assigned)"],
  ])('%s workload "%s" cannot be part of a name', (orchestrator, id, problem) => {
    expect(convertWorkload(orchestrator, id, FULL)).toMatchObject([{ is: 'conversion error', cause: `error with field ${problem}` }]);
  });

  test('hosts whose names become the same clash, also when other hosts lie between', () => {
    const outcomes = outcomesBesideNodes(...['Node', 'Zzz', 'node'].map((host) => workload('cni', 'c1', { name: 'cali1' }, host)));
    expect(outcomes.filter((one) => one.is === 'clash')).toEqual([
      { is: 'clash', v1: 'Node(name=node)', other: 'Node(name=Node)', v3: 'Node(node)' },
      {
        is: 'clash',
        v1: 'WorkloadEndpoint(node=node, orchestrator=cni, workload=c1, name=eth0)',
        other: 'WorkloadEndpoint(node=Node, orchestrator=cni, workload=c1, name=eth0)',
        v3: 'WorkloadEndpoint(default/node-cni-c1-eth0)',
      },
    ]);
  });

  test.each([
    [{ name: '' }, 'InterfaceName'],
    [{ ipv4_nets: ['10.0.0.0/24'] }, 'IPNetworks'],
    [{ ipv4_nat: [{ int_ip: '10.9.9.9', ext_ip: '1.2.3.4' }] }, 'IPNATs'],
    [{ ipv4_nat: [{ int_ip: '10.0.0.1', ext_ip: '2002::1' }] }, 'ExternalIP'],
    [{ ipv4_gateway: '2001::1' }, 'IPv4Gateway'],
    [{ active_instance_id: 'a_b' }, 'ContainerID'],
    [{ ports: [{ name: 'p', protocol: 'icmp', port: 1 }] }, 'EndpointPort.Protocol'],
  ])('v3 refuses %o: %s', (changes, field) => {
    expect(convertWorkload('k8s', 'default.web', { ...FULL, ...changes })).toMatchObject([{ is: 'validation error', v3: 'WorkloadEndpoint(default/testnode-k8s-web-eth0)', cause: expect.stringContaining(`field ${field} = `) }]);
  });
});

const hostEndpoint = (value: object, host = 'my-node', id = 'my-hep') => outcomesBesideNodes(leaf({ is: 'host endpoint', host, id }, value));

describe('host endpoints', () => {
  test('the least', () => {
    expect(resourcesIn(hostEndpoint({ name: 'eth3' }))).toEqual([
      { kind: 'HostEndpoint', apiVersion: 'projectcalico.org/v3', metadata: { name: 'my-node.my-hep' }, spec: { node: 'my-node', interfaceName: 'eth3' } },
    ]);
  });

  test('with everything set', () => {
    const value = {
      name: 'eth3',
      expected_ipv4_addrs: ['192.168.1.1'],
      expected_ipv6_addrs: ['fe80::'],
      labels: { foo: 'bar', 'calico/k8s_ns': 'kube-system' },
      profile_ids: ['my-prof', 'k8s_ns.my-prof'],
      ports: [{ name: 'my-port', protocol: 'tcp', port: 12345 }],
    };
    expect(resourcesIn(hostEndpoint(value))).toMatchObject([
      {
        metadata: { name: 'my-node.my-hep', labels: { foo: 'bar', 'projectcalico.org/namespace': 'kube-system' } },
        spec: {
          node: 'my-node',
          interfaceName: 'eth3',
          expectedIPs: ['192.168.1.1', 'fe80::'],
          profiles: ['my-prof', 'kns.my-prof'],
          ports: [{ name: 'my-port', protocol: 'TCP', port: 12345 }],
        },
      },
    ]);
  });

  test('the name is made of node and id, and hashed where it had to change', () => {
    expect(hostEndpoint({ name: 'eth0' }, 'noD2{', 'H3P.N/me')).toMatchObject([{ v1: 'HostEndpoint(node=noD2{, name=H3P.N/me)', v3: 'HostEndpoint(nod2.h3p.n.me-7188e863)' }]);
  });

  test.each([
    ['a protocol', { protocol: 'udp' }, { protocol: 'UDP', port: 0 }],
    ['a port number', { port: 5 }, { protocol: 0, port: 5 }],
  ])('ports of which only %s is given are kept, and refused by v3', (_name, port, expected) => {
    expect(hostEndpoint({ name: 'eth0', ports: [port] })).toMatchObject([{ is: 'validation error', resource: { spec: { ports: [expected] } } }]);
  });

  test('a name of 253 characters is fine, one more is too long by one', () => {
    const id = 'x'.repeat(253 - 'my-node.'.length);
    expect(hostEndpoint({ name: 'eth0' }, 'my-node', id)).toMatchObject([{ is: 'converted' }]);
    expect(hostEndpoint({ name: 'eth0' }, 'my-node', `${id}x`)).toMatchObject([{ is: 'validation error', cause: expect.stringContaining('name is too long by 1 bytes') }]);
  });

  test('neither an interface nor an address', () => {
    expect(hostEndpoint({})).toMatchObject([{ is: 'validation error', cause: "error with field InterfaceName = '' (no interface or expected IPs have been specified)" }]);
  });
});
