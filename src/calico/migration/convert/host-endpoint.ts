import type { V3Resource } from '../model.ts';
import { convertName, nodeName, profileName } from '../names.ts';
import { formatIp } from '../net.ts';
import { convertLabels } from '../selectors.ts';
import type { V1HostEndpoint } from '../v1/values.ts';
import { convertEndpointPorts } from './protocol.ts';
import { present, v3Resource } from './resource.ts';

export function convertHostEndpoint(host: string, id: string, endpoint: V1HostEndpoint): V3Resource {
  const node = nodeName(host);
  const labels = convertLabels(endpoint.labels);
  return v3Resource('HostEndpoint', { name: convertName(`${node}.${id}`), ...(labels && { labels }) }, present({
    node,
    interfaceName: endpoint.name,
    expectedIPs: [...endpoint.expected_ipv4_addrs, ...endpoint.expected_ipv6_addrs].map(formatIp),
    profiles: endpoint.profile_ids.map(profileName),
    ports: convertEndpointPorts(endpoint.ports),
  }));
}
