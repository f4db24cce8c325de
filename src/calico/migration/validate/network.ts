import { isNetwork, overlaps, parseCidrOrIp, parseIp, type Cidr } from '../net.ts';
import { isName } from './names.ts';
import type { FieldProblem } from './problem.ts';

interface NodeSpec {
  readonly bgp?: { readonly ipv4Address?: string; readonly ipv6Address?: string; readonly ipv4IPIPTunnelAddr?: string };
}

export function nodeProblems({ bgp }: NodeSpec): readonly FieldProblem[] {
  if (!bgp) return [];
  return [
    ...addressProblems('IPv4Address', bgp.ipv4Address, 4),
    ...addressProblems('IPv6Address', bgp.ipv6Address, 6),
    ...(bgp.ipv4IPIPTunnelAddr === undefined || parseIp(bgp.ipv4IPIPTunnelAddr)?.version === 4
      ? []
      : [{ field: 'IPv4IPIPTunnelAddr', value: bgp.ipv4IPIPTunnelAddr, reason: 'expected an IPv4 address' }]),
  ];
}

function addressProblems(field: string, address: string | undefined, version: 4 | 6): readonly FieldProblem[] {
  if (address === undefined || parseCidrOrIp(address)?.ip.version === version) return [];
  return [{ field, value: address, reason: `expected an IPv${version} address or CIDR` }];
}

interface BgpPeerSpec {
  readonly node?: string;
  readonly peerIP: string;
}

export function bgpPeerProblems({ node, peerIP }: BgpPeerSpec): readonly FieldProblem[] {
  return [
    ...(node === undefined || isName(node) ? [] : [{ field: 'Node', value: node, reason: 'expected a node name' }]),
    ...(parseIp(peerIP) ? [] : [{ field: 'PeerIP', value: peerIP, reason: 'expected an IP address' }]),
  ];
}

interface IpPoolSpec {
  readonly cidr: string;
  readonly ipipMode: string;
  readonly disabled?: boolean;
  readonly blockSize: number;
}

const LINK_LOCAL = ['169.254.0.0/16', 'fe80::/10'] as const;

export function ipPoolProblems(pool: IpPoolSpec): readonly FieldProblem[] {
  const cidr = parseCidrOrIp(pool.cidr);
  const problem = (reason: string): readonly FieldProblem[] => [{ field: 'IPpool.CIDR', value: pool.cidr, reason }];
  if (!cidr) return problem('IPPool CIDR must be a valid subnet');
  const linkLocal = LINK_LOCAL.find((range) => overlaps(cidr, parseCidrOrIp(range)!));
  return [
    ...ipipProblems(pool, cidr),
    ...(!pool.disabled && cidr.prefix > pool.blockSize ? problem(`IP pool is smaller than a block of Calico IPAM (/${pool.blockSize}); make it larger or disable it`) : []),
    ...(isNetwork(cidr) ? [] : problem('IP pool CIDR is not strictly masked')),
    ...(linkLocal === undefined ? [] : problem(`IP pool range overlaps with the link local range ${linkLocal}`)),
  ];
}

function ipipProblems({ ipipMode }: IpPoolSpec, { ip }: Cidr): readonly FieldProblem[] {
  return ip.version === 6 && ipipMode !== 'Never' ? [{ field: 'IPpool.IPIPMode', value: ipipMode, reason: "an IPv6 IP pool must have IPIPMode 'Never'" }] : [];
}
