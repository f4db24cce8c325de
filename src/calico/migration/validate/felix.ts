import { isLabelName } from './names.ts';
import type { FieldProblem } from './problem.ts';

interface FelixSpec {
  readonly openstackRegion?: string;
  readonly defaultEndpointToHostAction?: string;
  readonly iptablesFilterAllowAction?: string;
  readonly iptablesMangleAllowAction?: string;
  readonly iptablesNATOutgoingInterfaceFilter?: string;
  readonly kubeNodePortRanges?: readonly (string | number)[];
  readonly natPortRange?: string | number;
  readonly externalNodesList?: readonly string[];
}

/** A region becomes part of a namespace's name, `openstack-region-...`. */
const LONGEST_REGION = 63 - 'openstack-region-'.length;

export function felixProblems(spec: FelixSpec): readonly FieldProblem[] {
  return [
    ...words('DefaultEndpointToHostAction', spec.defaultEndpointToHostAction, ['Drop', 'Accept', 'Return']),
    ...words('IptablesFilterAllowAction', spec.iptablesFilterAllowAction, ['Accept', 'Return']),
    ...words('IptablesMangleAllowAction', spec.iptablesMangleAllowAction, ['Accept', 'Return']),
    ...matches('IptablesNATOutgoingInterfaceFilter', spec.iptablesNATOutgoingInterfaceFilter, /^[a-zA-Z0-9:._+-]{1,15}$/, "expected up to 15 letters, digits or any of ':._+-'"),
    ...regionProblems(spec.openstackRegion),
    ...portRangeProblems(spec.kubeNodePortRanges),
    ...([spec.natPortRange].some(isNamed) ? [{ field: 'NATPortRange', value: spec.natPortRange, reason: 'expected a port range, not a port name' }] : []),
    ...(spec.externalNodesList ?? []).filter((cidr) => cidr.includes(':')).map((value) => ({ field: 'ExternalNodesCIDRList', value, reason: 'expected IPv4 CIDRs' })),
  ];
}

function words(field: string, value: string | undefined, allowed: readonly string[]): readonly FieldProblem[] {
  return value === undefined || value === '' || allowed.includes(value) ? [] : [{ field, value, reason: `expected ${allowed.join(', ')}` }];
}

function matches(field: string, value: string | undefined, pattern: RegExp, reason: string): readonly FieldProblem[] {
  return value === undefined || value === '' || pattern.test(value) ? [] : [{ field, value, reason }];
}

function regionProblems(region: string | undefined): readonly FieldProblem[] {
  if (region === undefined || region === '' || (isLabelName(region) && region.length <= LONGEST_REGION)) return [];
  return [{ field: 'OpenstackRegion', value: region, reason: `must be a DNS label of at most ${LONGEST_REGION} characters` }];
}

/** iptables' multiport match takes 15 ports, two a range. */
function portRangeProblems(ranges: readonly (string | number)[] = []): readonly FieldProblem[] {
  const field = 'KubeNodePortRanges';
  return [
    ...(ranges.length > 7 ? [{ field, value: ranges, reason: 'at most 7 ranges' }] : []),
    ...(ranges.some(isNamed) ? [{ field, value: ranges, reason: 'expected port numbers and ranges, not port names' }] : []),
  ];
}

function isNamed(port: string | number | undefined): boolean {
  return typeof port === 'string' && !/^\d+:\d+$/.test(port);
}
