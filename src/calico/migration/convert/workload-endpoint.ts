import type { V3Resource } from '../model.ts';
import { convertName, nodeName, profileName } from '../names.ts';
import { formatCidr, formatIp } from '../net.ts';
import { convertLabels } from '../selectors.ts';
import type { V1KeyOf } from '../v1/keys.ts';
import type { V1WorkloadEndpoint } from '../v1/values.ts';
import { convertEndpointPorts } from './protocol.ts';
import { ConversionError, present, v3Resource } from './resource.ts';
import { workloadEndpointName } from './workload-endpoint-name.ts';

export type WorkloadEndpointKey = V1KeyOf<'workload endpoint'>;

/** @throws ConversionError when the Pod can't be told from the workload id, or an identifier can't be part of the name */
export function convertWorkloadEndpoint(key: WorkloadEndpointKey, endpoint: V1WorkloadEndpoint): V3Resource {
  const { namespace, ...workload } = identify(key, endpoint);
  const ids = { orchestrator: convertName(key.orchestrator), node: nodeName(key.host), endpoint: convertName(key.id), ...workload };
  const labels = convertLabels(endpoint.labels);
  return v3Resource('WorkloadEndpoint', { name: workloadEndpointName(ids), namespace, ...(labels && { labels }) }, present({
    orchestrator: ids.orchestrator,
    workload: ids.workload,
    node: ids.node,
    containerID: ids.containerID,
    pod: ids.pod,
    endpoint: ids.endpoint,
    ipNetworks: [...endpoint.ipv4_nets, ...endpoint.ipv6_nets].map(formatCidr),
    ipNATs: [...endpoint.ipv4_nat, ...endpoint.ipv6_nat].map((nat) => ({ internalIP: formatIp(nat.int_ip), externalIP: formatIp(nat.ext_ip) })),
    ipv4Gateway: endpoint.ipv4_gateway ? formatIp(endpoint.ipv4_gateway) : '',
    ipv6Gateway: endpoint.ipv6_gateway ? formatIp(endpoint.ipv6_gateway) : '',
    profiles: endpoint.profile_ids.map(profileName),
    interfaceName: endpoint.name,
    mac: endpoint.mac,
    ports: convertEndpointPorts(endpoint.ports),
  }));
}

interface Workload {
  readonly namespace: string;
  readonly pod: string;
  readonly containerID: string;
  readonly workload: string;
}

/** What each orchestrator keeps in the workload id. */
function identify({ orchestrator, workload }: WorkloadEndpointKey, endpoint: V1WorkloadEndpoint): Workload {
  const none = { namespace: 'default', pod: '', containerID: '', workload: '' };
  switch (orchestrator) {
    case 'k8s':
      return { ...none, ...podOf(workload), containerID: endpoint.active_instance_id };
    case 'cni':
      return { ...none, containerID: workload };
    case 'libnetwork':
      return { ...none, workload: 'libnetwork' };
    default:
      return { ...none, workload: convertName(workload) };
  }
}

/** `NAMESPACE.POD`; a Pod's name may have dots itself. */
function podOf(workload: string): { readonly namespace: string; readonly pod: string } {
  const dot = workload.indexOf('.');
  if (dot < 0) {
    throw new ConversionError(`malformed k8s workload ID '${workload}': expected NAMESPACE.POD, as Calico's CNI plugin writes it; remove the endpoint if nothing uses it`);
  }
  return { namespace: workload.slice(0, dot), pod: workload.slice(dot + 1) };
}
