import type { V1Entry } from '../../src/calico/migration/model.ts';

/** A believable Calico 2.6 cluster of any size, the same for the same options. Load tests and real runs write it to etcd v2. */
export interface V1ClusterOptions {
  readonly workloadEndpoints: number;
  /** @default one for 50 workload endpoints, at least 3 */
  readonly nodes?: number;
  /** The user's own policies. @default one for 100 workload endpoints, at least 5 */
  readonly policies?: number;
  /** @default v2.6.12 */
  readonly calicoVersion?: string;
}

/** The leaves of the cluster, made one by one. `/calico/v1/Ready` is `true`. */
export function* v1Cluster(options: V1ClusterOptions): Generator<V1Entry> {
  const { workloadEndpoints, nodes = Math.max(3, Math.ceil(workloadEndpoints / 50)), policies = Math.max(5, Math.ceil(workloadEndpoints / 100)) } = options;
  yield raw('/calico/v1/Ready', 'true');
  yield* settings(options.calicoVersion ?? 'v2.6.12');
  yield* networking();
  yield* policiesAndProfiles(policies);
  for (let node = 0; node < nodes; node++) yield* nodeEntries(node);
  for (let number = 0; number < workloadEndpoints; number++) yield* workloadEntries(number, number % nodes, Math.floor(number / nodes));
  yield* blocks(workloadEndpoints, nodes);
}

function v1NodeName(node: number): string {
  return `node-${String(node).padStart(4, '0')}.example.com`;
}

const NAMESPACES = ['default', 'kube-system', 'shop', 'payments', 'search', 'analytics', 'ci'];
const APPS = ['web', 'api', 'worker', 'cache', 'queue', 'auth', 'mailer', 'billing'];

function* settings(calicoVersion: string): Generator<V1Entry> {
  const global = {
    CalicoVersion: calicoVersion,
    ClusterGUID: 'b2f0c8a1d4e94e5fb1d2a6c3e8f7a901',
    ClusterType: 'k8s,bgp',
    IpInIpEnabled: 'true',
    LogSeverityScreen: 'info',
    ReportingIntervalSecs: '0',
    DefaultEndpointToHostAction: 'ACCEPT',
    FailsafeInboundHostPorts: 'tcp:22,udp:68,tcp:10250',
    PrometheusMetricsEnabled: 'true',
  };
  for (const [name, value] of Object.entries(global)) yield raw(`/calico/v1/config/${name}`, value);
}

function* networking(): Generator<V1Entry> {
  yield raw('/calico/bgp/v1/global/as_num', '64512');
  yield raw('/calico/bgp/v1/global/loglevel', 'info');
  yield json('/calico/bgp/v1/global/node_mesh', { enabled: true });
  yield json('/calico/bgp/v1/global/peer_v4/10.0.255.1', { ip: '10.0.255.1', as_num: '64512' });
  yield json('/calico/v1/ipam/v4/pool/10.128.0.0-9', { cidr: '10.128.0.0/9', ipip: 'tunl0', ipip_mode: 'cross-subnet', masquerade: true, ipam: true, disabled: false });
  yield json('/calico/ipam/v2/config', { strict_affinity: false, auto_allocate_blocks: true });
}

function* policiesAndProfiles(policies: number): Generator<V1Entry> {
  yield json('/calico/v1/policy/tier/default/metadata', { order: null });
  for (let number = 0; number < policies; number++) {
    const [app, client] = [at(APPS, number), at(APPS, number + 3)];
    const rule = { action: 'allow', protocol: 'tcp', src_selector: `calico/k8s_ns == '${at(NAMESPACES, number)}' && app == '${client}'`, dst_ports: [8080, '9000:9010'] };
    yield json(`/calico/v1/policy/tier/default/policy/allow-${client}-to-${app}-${number}`, { order: 500 + number, selector: `app == '${app}'`, inbound_rules: [rule], outbound_rules: [{ action: 'allow' }], types: ['ingress', 'egress'] });
  }
  for (const namespace of NAMESPACES) {
    yield json(`/calico/v1/policy/tier/default/policy/knp.default.${namespace}.deny-all`, { order: 1000, selector: `calico/k8s_ns == '${namespace}'`, types: ['ingress'] });
    yield json(`/calico/v1/policy/profile/k8s_ns.${namespace}/tags`, []);
    yield json(`/calico/v1/policy/profile/k8s_ns.${namespace}/labels`, { [`k8s_ns/label/team`]: namespace });
    yield json(`/calico/v1/policy/profile/k8s_ns.${namespace}/rules`, { inbound_rules: [{ action: 'allow' }], outbound_rules: [{ action: 'allow' }] });
  }
}

function* nodeEntries(node: number): Generator<V1Entry> {
  const host = v1NodeName(node);
  const address = `10.0.${node >> 8}.${node & 255}`;
  yield json(`/calico/v1/host/${host}/metadata`, {});
  yield json(`/calico/v1/host/${host}/orchestrator_refs`, [{ orchestrator: 'k8s', nodeName: host }]);
  yield raw(`/calico/v1/host/${host}/config/IpInIpTunnelAddr`, podAddress(node, 0));
  yield raw(`/calico/bgp/v1/host/${host}/ip_addr_v4`, address);
  yield raw(`/calico/bgp/v1/host/${host}/network_v4`, '10.0.0.0/16');
  yield raw(`/calico/bgp/v1/host/${host}/ip_addr_v6`, '');
  yield raw(`/calico/bgp/v1/host/${host}/as_num`, '');
  if (node % 10 === 0) yield json(`/calico/v1/host/${host}/endpoint/eth0`, { name: 'eth0', expected_ipv4_addrs: [address], labels: { role: 'gateway' }, profile_ids: [] });
}

/** @param index of the endpoint on its node */
function* workloadEntries(number: number, node: number, index: number): Generator<V1Entry> {
  const [namespace, app] = [at(NAMESPACES, number), at(APPS, number)];
  const pod = `${app}-${hex(number % 997, 8)}-${hex(number, 5)}`;
  const address = podAddress(node, 1 + index);
  const container = hex(number, 64);
  yield json(`/calico/v1/host/${v1NodeName(node)}/workload/k8s/${namespace}.${pod}/endpoint/eth0`, {
    state: 'active',
    name: `cali${hex(number, 11)}`,
    active_instance_id: container,
    mac: 'ee:ee:ee:ee:ee:ee',
    profile_ids: [`k8s_ns.${namespace}`],
    ipv4_nets: [`${address}/32`],
    ipv6_nets: [],
    labels: { 'calico/k8s_ns': namespace, app, 'pod-template-hash': String(number % 997) },
  });
  yield json(`/calico/ipam/v2/handle/k8s-pod-network.${container}`, { block: { [blockOf(address)]: 1 } });
}

/** Each node has 512 addresses, eight blocks of 64. */
const PER_NODE = 512;

function podAddress(node: number, index: number): string {
  const offset = node * PER_NODE + index;
  return `10.${128 + (offset >> 16)}.${(offset >> 8) & 255}.${offset & 255}`;
}

function blockOf(address: string): string {
  const [last, ...rest] = address.split('.').reverse();
  return `${rest.reverse().join('.')}.${Number(last) & 192}/26`;
}

function* blocks(workloadEndpoints: number, nodes: number): Generator<V1Entry> {
  const perNode = Math.ceil(workloadEndpoints / nodes) + 1;
  for (let node = 0; node < nodes; node++) {
    for (let first = 0; first < perNode; first += 64) {
      const cidr = blockOf(podAddress(node, first));
      const used = Math.min(64, perNode - first);
      const indexes = Array.from({ length: 64 }, (_, index) => index);
      yield json(`/calico/ipam/v2/assignment/ipv4/block/${cidr.replace('/', '-')}`, {
        cidr,
        affinity: `host:${v1NodeName(node)}`,
        strictAffinity: false,
        allocations: indexes.map((index) => (index < used ? 0 : null)),
        unallocated: indexes.slice(used),
        attributes: [{ handle_id: null, secondary: null }],
      });
      yield raw(`/calico/ipam/v2/host/${v1NodeName(node)}/ipv4/block/${cidr.replace('/', '-')}`, '');
    }
  }
}

/** Digits that look random and are always the same; different for different numbers. */
function hex(number: number, length: number): string {
  const mixed = Math.imul(number + 1, 0x9e37_79b1) >>> 0;
  return mixed.toString(16).padStart(8, '0').repeat(8).slice(-length);
}

function at(list: readonly string[], index: number): string {
  return list[index % list.length]!;
}

function raw(path: string, value: string): V1Entry {
  return { path, value };
}

function json(path: string, value: unknown): V1Entry {
  return { path, value: JSON.stringify(value) };
}
