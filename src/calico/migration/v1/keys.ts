/** Typed keys of the v1 model, their etcd v2 paths and the texts by which upstream's reports call them (libcalico-go `lib/backend/model`). */
import { formatCidr, formatIp, network, parseCidr, parseIp, type Cidr, type Ip } from '../net.ts';

export type V1Key =
  | { readonly is: 'global config' | 'bgp config'; readonly name: string }
  | { readonly is: 'host config' | 'node bgp config'; readonly host: string; readonly name: string }
  | { readonly is: 'orchestrator refs' | 'host metadata' | 'host address' | 'node'; readonly host: string }
  | { readonly is: 'global peer'; readonly ip: Ip }
  | { readonly is: 'node peer'; readonly host: string; readonly ip: Ip }
  | { readonly is: 'host endpoint'; readonly host: string; readonly id: string }
  | { readonly is: 'ip pool'; readonly cidr: Cidr }
  | { readonly is: 'ipam block'; readonly cidr: Cidr }
  | { readonly is: 'policy'; readonly name: string }
  | { readonly is: 'profile'; readonly name: string; readonly of: 'tags' | 'labels' | 'rules' }
  | { readonly is: 'workload endpoint'; readonly host: string; readonly orchestrator: string; readonly workload: string; readonly id: string }
  | { readonly is: 'ipam affinity'; readonly host: string; readonly cidr: Cidr }
  | { readonly is: 'ipam handle'; readonly id: string }
  | { readonly is: 'ipam config' }
  /** A path of the v1 model with something in it that is no address or CIDR. */
  | { readonly is: 'malformed'; readonly path: string; readonly wanted: 'CIDR' | 'IP address' };

/** The key of one kind. */
export type V1KeyOf<Is extends V1Key['is']> = Extract<V1Key, { is: Is }>;

/** The key at a path; `undefined` where the v1 model has none. */
export function v1Key(path: string): V1Key | undefined {
  for (const [pattern, key] of PATTERNS) {
    const found = pattern.exec(path);
    if (found) return key(found.slice(1)) ?? { is: 'malformed', path, wanted: path.includes('/peer_v') ? 'IP address' : 'CIDR' };
  }
  return undefined;
}

type Reader = (parts: readonly string[]) => V1Key | undefined;

/** The first that fits counts. Config names may hold slashes; all other names are one segment, escaped. */
const PATTERNS: readonly (readonly [RegExp, Reader])[] = [
  [
    /^\/calico\/v1\/host\/([^/]+)\/workload\/([^/]+)\/([^/]+)\/endpoint\/([^/]+)$/,
    ([host, orchestrator, workload, id]) => ({ is: 'workload endpoint', host: host!, orchestrator: unescapeName(orchestrator!), workload: unescapeName(workload!), id: unescapeName(id!) }),
  ],
  [/^\/calico\/ipam\/v2\/handle\/([^/]+)$/, ([id]) => ({ is: 'ipam handle', id: id! })],
  [/^\/calico\/ipam\/v2\/assignment\/ipv[46]\/block\/([^/]+)$/, ([text]) => withCidr(text!, (cidr) => ({ is: 'ipam block', cidr }))],
  [/^\/calico\/ipam\/v2\/host\/([^/]+)\/ipv[46]\/block\/([^/]+)$/, ([host, text]) => withCidr(text!, (cidr) => ({ is: 'ipam affinity', host: host!, cidr }))],
  [/^\/calico\/v1\/config\/(.+)$/, ([name]) => ({ is: 'global config', name: name! })],
  [/^\/calico\/v1\/host\/([^/]+)\/config\/(.+)$/, ([host, name]) => ({ is: 'host config', host: host!, name: name! })],
  [/^\/calico\/v1\/host\/([^/]+)\/orchestrator_refs$/, ([host]) => ({ is: 'orchestrator refs', host: host! })],
  [/^\/calico\/v1\/host\/([^/]+)\/metadata$/, ([host]) => ({ is: 'host metadata', host: host! })],
  [/^\/calico\/v1\/host\/([^/]+)\/bird_ip$/, ([host]) => ({ is: 'host address', host: host! })],
  [/^\/calico\/v1\/host\/([^/]+)\/endpoint\/([^/]+)$/, ([host, id]) => ({ is: 'host endpoint', host: host!, id: unescapeName(id!) })],
  [/^\/calico\/v1\/ipam\/v[46]\/pool\/([^/]+)$/, ([text]) => withCidr(text!, (cidr) => ({ is: 'ip pool', cidr }))],
  [/^\/calico\/v1\/policy\/tier\/default\/policy\/([^/]+)$/, ([name]) => ({ is: 'policy', name: unescapeName(name!) })],
  [/^\/calico\/v1\/policy\/profile\/([^/]+)\/(tags|labels|rules)$/, ([name, of]) => ({ is: 'profile', name: unescapeName(name!), of: of as 'tags' | 'labels' | 'rules' })],
  [/^\/calico\/bgp\/v1\/global\/peer_v[46]\/([^/]+)$/, ([text]) => withIp(text!, (ip) => ({ is: 'global peer', ip }))],
  [/^\/calico\/bgp\/v1\/host\/([^/]+)\/peer_v[46]\/([^/]+)$/, ([host, text]) => withIp(text!, (ip) => ({ is: 'node peer', host: host!, ip }))],
  [/^\/calico\/bgp\/v1\/global\/(.+)$/, ([name]) => ({ is: 'bgp config', name: name! })],
  [/^\/calico\/bgp\/v1\/host\/([^/]+)\/(.+)$/, ([host, name]) => ({ is: 'node bgp config', host: host!, name: name! })],
  [/^\/calico\/ipam\/v2\/config$/, () => ({ is: 'ipam config' })],
];

/** A key names the network, whatever host bits its path has. */
function withCidr(text: string, key: (cidr: Cidr) => V1Key): V1Key | undefined {
  const cidr = parseCidr(text.replace('-', '/'));
  return cidr && key(network(cidr));
}

function withIp(text: string, key: (ip: Ip) => V1Key): V1Key | undefined {
  const ip = parseIp(text);
  return ip && key(ip);
}

/** The path of a key; `v1Key` reads it back. */
export function v1Path(key: V1Key): string {
  switch (key.is) {
    case 'global config':
      return `/calico/v1/config/${key.name}`;
    case 'host config':
      return `/calico/v1/host/${key.host}/config/${key.name}`;
    case 'bgp config':
      return `/calico/bgp/v1/global/${key.name}`;
    case 'node bgp config':
      return `/calico/bgp/v1/host/${key.host}/${key.name}`;
    case 'node':
      return `/calico/v1/host/${key.host}`;
    case 'orchestrator refs':
      return `/calico/v1/host/${key.host}/orchestrator_refs`;
    case 'host metadata':
      return `/calico/v1/host/${key.host}/metadata`;
    case 'host address':
      return `/calico/v1/host/${key.host}/bird_ip`;
    case 'global peer':
      return `/calico/bgp/v1/global/peer_v${key.ip.version}/${formatIp(key.ip)}`;
    case 'node peer':
      return `/calico/bgp/v1/host/${key.host}/peer_v${key.ip.version}/${formatIp(key.ip)}`;
    case 'host endpoint':
      return `/calico/v1/host/${key.host}/endpoint/${escapeName(key.id)}`;
    case 'ip pool':
      return `/calico/v1/ipam/v${key.cidr.ip.version}/pool/${cidrSegment(key.cidr)}`;
    case 'ipam block':
      return `/calico/ipam/v2/assignment/ipv${key.cidr.ip.version}/block/${cidrSegment(key.cidr)}`;
    case 'policy':
      return `/calico/v1/policy/tier/default/policy/${escapeName(key.name)}`;
    case 'profile':
      return `/calico/v1/policy/profile/${escapeName(key.name)}/${key.of}`;
    case 'workload endpoint':
      return `/calico/v1/host/${key.host}/workload/${escapeName(key.orchestrator)}/${escapeName(key.workload)}/endpoint/${escapeName(key.id)}`;
    case 'ipam affinity':
      return `/calico/ipam/v2/host/${key.host}/ipv${key.cidr.ip.version}/block/${cidrSegment(key.cidr)}`;
    case 'ipam handle':
      return `/calico/ipam/v2/handle/${key.id}`;
    case 'ipam config':
      return '/calico/ipam/v2/config';
    case 'malformed':
      return key.path;
  }
}

function cidrSegment(cidr: Cidr): string {
  return formatCidr(cidr).replace('/', '-');
}

/** As upstream's `String()`; where it has none, in its manner. */
export function v1KeyText(key: V1Key): string {
  switch (key.is) {
    case 'global config':
      return `GlobalFelixConfig(name=${key.name})`;
    case 'host config':
      return `HostConfig(node=${key.host},name=${key.name})`;
    case 'bgp config':
      return `GlobalBGPConfig(name=${BGP_CONFIG_NAMES[key.name] ?? key.name})`;
    case 'node bgp config':
      return `HostBGPConfig(node=${key.host}; name=${key.name})`;
    case 'orchestrator refs':
      return `OrchRefs(nodename=${key.host})`;
    case 'node':
    case 'host metadata':
    case 'host address':
      return `Node(name=${key.host})`;
    case 'global peer':
      return `BGPPeer(global, ip=${formatIp(key.ip)})`;
    case 'node peer':
      return `BGPPeer(node=${key.host}, ip=${formatIp(key.ip)})`;
    case 'host endpoint':
      return `HostEndpoint(node=${key.host}, name=${key.id})`;
    case 'ip pool':
      return `IPPool(cidr=${formatCidr(key.cidr)})`;
    case 'policy':
      return `Policy(name=${key.name})`;
    case 'profile':
      return `Profile(name=${key.name})`;
    case 'workload endpoint':
      return `WorkloadEndpoint(node=${key.host}, orchestrator=${key.orchestrator}, workload=${key.workload}, name=${key.id})`;
    case 'ipam block':
      return `BlockKey(cidr=${formatCidr(key.cidr)})`;
    case 'ipam affinity':
      return `BlockAffinityKey(cidr=${formatCidr(key.cidr)}, host=${key.host})`;
    case 'ipam handle':
      return `IPAMHandleKey(id=${key.id})`;
    case 'ipam config':
      return 'IPAMConfigKey()';
    case 'malformed':
      return key.path;
  }
}

/** etcd's names of the global BGP settings, and those that upstream's reports use. */
const BGP_CONFIG_NAMES: Readonly<Record<string, string>> = { as_num: 'AsNumber', loglevel: 'LogLevel', node_mesh: 'NodeMeshEnabled' };

/** Names are one path segment: `%` and `/` are escaped. */
function escapeName(name: string): string {
  return name.replaceAll('%', '%25').replaceAll('/', '%2f');
}

function unescapeName(segment: string): string {
  return segment.includes('%') ? segment.replaceAll('%2f', '/').replaceAll('%25', '%') : segment;
}
