import { contains, isSingle, parseCidrOrIp, parseIp } from '../net.ts';
import { isName, isPortName } from './names.ts';
import type { FieldProblem } from './problem.ts';

interface EndpointPort {
  readonly name: string;
  readonly protocol: string | number;
  readonly port: number;
}

interface HostEndpointSpec {
  readonly node?: string;
  readonly interfaceName?: string;
  readonly expectedIPs?: readonly string[];
  readonly profiles?: readonly string[];
  readonly ports?: readonly EndpointPort[];
}

export function hostEndpointProblems({ node = '', interfaceName = '', expectedIPs = [], profiles = [], ports = [] }: HostEndpointSpec): readonly FieldProblem[] {
  return [
    ...named('Node', node),
    ...(node === '' ? [{ field: 'InterfaceName', value: node, reason: 'no node has been specified' }] : []),
    ...(interfaceName === '' ? [] : interfaceProblems(interfaceName)),
    ...(interfaceName === '' && expectedIPs.length === 0 ? [{ field: 'InterfaceName', value: '', reason: 'no interface or expected IPs have been specified' }] : []),
    ...profiles.flatMap((profile) => named('Profiles', profile)),
    ...portProblems(ports),
  ];
}

interface WorkloadEndpointSpec {
  readonly orchestrator?: string;
  readonly workload?: string;
  readonly node?: string;
  readonly containerID?: string;
  readonly pod?: string;
  readonly endpoint?: string;
  readonly ipNetworks?: readonly string[];
  readonly ipNATs?: readonly { readonly internalIP: string; readonly externalIP: string }[];
  readonly ipv4Gateway?: string;
  readonly ipv6Gateway?: string;
  readonly profiles?: readonly string[];
  readonly interfaceName?: string;
  readonly ports?: readonly EndpointPort[];
}

export function endpointProblems(spec: WorkloadEndpointSpec): readonly FieldProblem[] {
  const { containerID = '', ipNetworks = [], profiles = [], interfaceName = '', ports = [] } = spec;
  return [
    ...named('Orchestrator', spec.orchestrator),
    ...named('Workload', spec.workload),
    ...named('Node', spec.node),
    ...(containerID === '' || /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(containerID) ? [] : [{ field: 'ContainerID', value: containerID, reason: "expected letters, digits and '-'" }]),
    ...named('Pod', spec.pod),
    ...named('Endpoint', spec.endpoint),
    ...ipNetworks.filter((cidr) => !isOneAddress(cidr)).map((value) => ({ field: 'IPNetworks', value, reason: 'IP network contains multiple addresses' })),
    ...natProblems(spec),
    ...gatewayProblems('IPv4Gateway', spec.ipv4Gateway, 4),
    ...gatewayProblems('IPv6Gateway', spec.ipv6Gateway, 6),
    ...profiles.flatMap((profile) => named('Profiles', profile)),
    ...interfaceProblems(interfaceName),
    ...portProblems(ports),
  ];
}

function named(field: string, value = ''): readonly FieldProblem[] {
  return value === '' || isName(value) ? [] : [{ field, value, reason: "expected lower case letters, digits, '-' and '.'" }];
}

function interfaceProblems(value: string): readonly FieldProblem[] {
  return value === '*' || /^[a-zA-Z0-9_.-]{1,15}$/.test(value) ? [] : [{ field: 'InterfaceName', value, reason: "expected '*' or 1 to 15 letters, digits or any of '_.-'" }];
}

function portProblems(ports: readonly EndpointPort[]): readonly FieldProblem[] {
  return ports.flatMap(({ name, protocol, port }) => [
    ...(isPortName(name) ? [] : [{ field: 'Name', value: name, reason: "expected a port name: at most 15 lower case letters, digits and '-', one letter at least" }]),
    ...(protocol === 'TCP' || protocol === 'UDP' ? [] : [{ field: 'EndpointPort.Protocol', value: protocol, reason: "EndpointPort protocol must be 'TCP' or 'UDP'" }]),
    ...(port > 0 ? [] : [{ field: 'Port', value: port, reason: 'expected a port above 0' }]),
  ]);
}

function isOneAddress(text: string): boolean {
  const cidr = parseCidrOrIp(text);
  return cidr !== undefined && isSingle(cidr);
}

function natProblems({ ipNATs = [], ipNetworks = [] }: WorkloadEndpointSpec): readonly FieldProblem[] {
  const networks = ipNetworks.map((text) => parseCidrOrIp(text));
  return ipNATs.flatMap(({ internalIP, externalIP }) => {
    const [inner, outer] = [parseIp(internalIP), parseIp(externalIP)];
    return [
      ...(inner?.version === outer?.version ? [] : [{ field: 'ExternalIP', value: externalIP, reason: 'mismatched IP versions' }]),
      ...(inner && networks.some((one) => one && contains(one, inner)) ? [] : [{ field: 'IPNATs', value: internalIP, reason: 'NAT is not in the endpoint networks' }]),
    ];
  });
}

function gatewayProblems(field: string, value: string | undefined, version: 4 | 6): readonly FieldProblem[] {
  return value === undefined || parseIp(value)?.version === version ? [] : [{ field, value, reason: `expected an IPv${version} address` }];
}
