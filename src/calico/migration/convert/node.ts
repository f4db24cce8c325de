import type { V3Resource } from '../model.ts';
import { nodeName } from '../names.ts';
import { formatCidr, type Cidr, type Ip } from '../net.ts';
import type { V1OrchestratorRef } from '../v1/values.ts';
import { v3Resource } from './resource.ts';

/** A v1 node put together from its keys. */
export interface V1Node {
  readonly ipv4?: Ip | undefined;
  readonly network4?: Cidr | undefined;
  readonly ipv6?: Ip | undefined;
  readonly network6?: Cidr | undefined;
  readonly asNumber?: number | undefined;
  readonly orchestratorRefs: readonly V1OrchestratorRef[];
  /** From the host's Felix configuration, `IpInIpTunnelAddr`. */
  readonly tunnelAddress?: string | undefined;
}

/** An AS number or a tunnel address without a BGP address is dropped, as upstream does. */
export function convertNode(host: string, node: V1Node): V3Resource {
  const bgp = convertBgp(node);
  const refs = node.orchestratorRefs.map(({ orchestrator, nodeName: name }) => ({ ...(name !== '' && { nodeName: name }), orchestrator }));
  return v3Resource('Node', { name: nodeName(host) }, { ...(bgp && { bgp }), ...(refs.length > 0 && { orchRefs: refs }) });
}

function convertBgp({ ipv4, network4, ipv6, network6, asNumber, tunnelAddress }: V1Node): object | undefined {
  if (!ipv4 && !ipv6) return undefined;
  return {
    ...(asNumber !== undefined && { asNumber }),
    ...(ipv4 && { ipv4Address: address(ipv4, network4) }),
    ...(ipv6 && { ipv6Address: address(ipv6, network6) }),
    ...(tunnelAddress && { ipv4IPIPTunnelAddr: tunnelAddress }),
  };
}

/** Without a network the address stands for itself alone. */
function address(ip: Ip, network: Cidr | undefined): string {
  return formatCidr({ ip, prefix: network?.prefix ?? ip.bytes.length * 8 });
}
