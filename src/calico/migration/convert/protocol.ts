/** The names that v3 knows, in its spelling. */
export const PROTOCOLS: readonly string[] = ['TCP', 'UDP', 'ICMP', 'ICMPv6', 'SCTP', 'UDPLite'];
const BY_LOWER_CASE: ReadonlyMap<string, string> = new Map(PROTOCOLS.map((name) => [name.toLowerCase(), name]));

/** Names get v3's spelling; numbers and unknown names stay. */
export function convertProtocol(protocol: number | string): number | string {
  return typeof protocol === 'number' ? protocol : (BY_LOWER_CASE.get(protocol.toLowerCase()) ?? protocol);
}

interface EndpointPort {
  readonly name: string;
  readonly protocol: number | string;
  readonly port: number;
}

export function convertEndpointPorts(ports: readonly EndpointPort[]): readonly EndpointPort[] {
  return ports.map(({ name, protocol, port }) => ({ name, protocol: convertProtocol(protocol), port }));
}
