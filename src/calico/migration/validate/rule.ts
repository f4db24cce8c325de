import { isNetwork, parseCidr } from '../net.ts';
import { PROTOCOLS } from '../convert/protocol.ts';
import { isPortName } from './names.ts';
import type { FieldProblem } from './problem.ts';
import { selectorProblems } from './selector.ts';

export interface Rule {
  readonly action: string;
  readonly ipVersion?: number;
  readonly protocol?: string | number;
  readonly icmp?: IcmpFields;
  readonly notProtocol?: string | number;
  readonly notICMP?: IcmpFields;
  readonly source: RuleEntity;
  readonly destination: RuleEntity;
}

interface IcmpFields {
  readonly type?: number;
  readonly code?: number;
}

interface RuleEntity {
  readonly nets?: readonly string[];
  readonly selector?: string;
  readonly ports?: readonly (string | number)[];
  readonly notNets?: readonly string[];
  readonly notSelector?: string;
  readonly notPorts?: readonly (string | number)[];
}

export function ruleProblems(rule: Rule): readonly FieldProblem[] {
  return [
    ...(['Allow', 'Deny', 'Log', 'Pass'].includes(rule.action) ? [] : [{ field: 'Action', value: rule.action, reason: 'expected Allow, Deny, Log or Pass' }]),
    ...(rule.ipVersion === undefined || rule.ipVersion === 4 || rule.ipVersion === 6 ? [] : [{ field: 'IPVersion', value: rule.ipVersion, reason: 'expected 4 or 6' }]),
    ...protocolProblems(rule.protocol),
    ...protocolProblems(rule.notProtocol),
    ...icmpProblems(rule.icmp),
    ...icmpProblems(rule.notICMP),
    ...agreementProblems(rule),
    ...entityProblems('Source', rule.source, rule.protocol),
    ...entityProblems('Destination', rule.destination, rule.protocol),
    ...netProblems(rule),
  ];
}

function protocolProblems(protocol: string | number | undefined): readonly FieldProblem[] {
  if (protocol === undefined) return [];
  const known = typeof protocol === 'number' ? protocol > 0 : PROTOCOLS.includes(protocol);
  return known ? [] : [{ field: 'Protocol', value: protocol, reason: typeof protocol === 'number' ? 'protocol number invalid' : 'protocol name invalid' }];
}

function icmpProblems({ type, code }: IcmpFields = {}): readonly FieldProblem[] {
  return [
    ...(type === undefined || (type >= 0 && type <= 254) ? [] : [{ field: 'Type', value: type, reason: 'expected an ICMP type from 0 to 254' }]),
    ...(code === undefined || (code >= 0 && code <= 255) ? [] : [{ field: 'Code', value: code, reason: 'expected an ICMP code from 0 to 255' }]),
    ...(code !== undefined && type === undefined ? [{ field: 'Code', value: code, reason: 'ICMP code specified without an ICMP type' }] : []),
  ];
}

/** Fields that must fit each other: ICMP and its protocol, the IP version and the flavour of ICMP. */
function agreementProblems({ icmp, ipVersion, protocol, notProtocol }: Rule): readonly FieldProblem[] {
  const uses = (name: string): boolean => protocol === name || notProtocol === name;
  const version = (wanted: number, name: string): readonly FieldProblem[] =>
    uses(name) && ipVersion !== undefined && ipVersion !== wanted ? [{ field: 'IPVersion', value: ipVersion, reason: `must be ${wanted} with protocol ${name}` }] : [];
  return [
    ...(icmp && protocol !== 'ICMP' && protocol !== 'ICMPv6' ? [{ field: 'ICMP', value: icmp, reason: 'rules with ICMP fields must have the protocol ICMP or ICMPv6' }] : []),
    ...version(4, 'ICMP'),
    ...version(6, 'ICMPv6'),
  ];
}

function entityProblems(side: 'Source' | 'Destination', entity: RuleEntity, protocol: string | number | undefined): readonly FieldProblem[] {
  const { ports = [], notPorts = [], selector, notSelector } = entity;
  const supportsPorts = protocol !== undefined && ['TCP', 'UDP', 6, 17].includes(protocol);
  const misplaced = (field: string, list: readonly unknown[]): readonly FieldProblem[] =>
    !supportsPorts && list.length > 0 ? [{ field: `${side}.${field}`, value: list, reason: 'rules that specify ports must set protocol to TCP or UDP' }] : [];
  return [
    ...(selector === undefined ? [] : selectorProblems('Selector', selector)),
    ...(notSelector === undefined ? [] : selectorProblems('NotSelector', notSelector)),
    ...misplaced('Ports', ports),
    ...misplaced('NotPorts', notPorts),
    ...[...ports, ...notPorts].flatMap(portProblems),
  ];
}

function portProblems(port: string | number): readonly FieldProblem[] {
  const [first, last] = typeof port === 'number' ? [port, port] : port.split(':').map(Number);
  const named = Number.isNaN(first);
  if (named) return isPortName(port as string) ? [] : [{ field: 'PortName', value: port, reason: "expected a port name: at most 15 lower case letters, digits and '-', one letter at least" }];
  return first! >= 1 && last! >= first! && last! <= 65535 ? [] : [{ field: 'Port', value: port, reason: 'port range invalid, port number must be between 1 and 65535' }];
}

const LISTS = [
  ['Source.Nets', (rule: Rule) => rule.source.nets],
  ['Source.NotNets', (rule: Rule) => rule.source.notNets],
  ['Destination.Nets', (rule: Rule) => rule.destination.nets],
  ['Destination.NotNets', (rule: Rule) => rule.destination.notNets],
] as const;

/** Networks are masked, of the rule's IP version, and of one family in all four lists. */
function netProblems(rule: Rule): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const seen = new Set<number>();
  for (const [field, read] of LISTS) {
    const nets = read(rule) ?? [];
    const cidrs = nets.map((net) => parseCidr(net));
    if (cidrs.some((cidr) => !cidr || !isNetwork(cidr))) problems.push({ field, value: nets, reason: 'invalid CIDR' });
    const versions = cidrs.flatMap((cidr) => (cidr ? [cidr.ip.version] : []));
    if (rule.ipVersion !== undefined && versions.some((version) => version !== rule.ipVersion)) problems.push({ field, value: nets, reason: "rule IP version doesn't match CIDR version" });
    for (const version of versions) seen.add(version);
    if (versions.length > 0 && seen.size > 1) problems.push({ field, value: nets, reason: 'rule contains both IPv4 and IPv6 CIDRs' });
  }
  return problems;
}
