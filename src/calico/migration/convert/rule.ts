import { formatCidr, network, type Cidr } from '../net.ts';
import { convertSelector } from '../selectors.ts';
import type { V1Rule } from '../v1/values.ts';
import { convertProtocol } from './protocol.ts';
import { defined, present } from './resource.ts';

/** Rules always carry `source` and `destination`, even empty. */
export function convertRules(rules: readonly V1Rule[]): readonly Readonly<Record<string, unknown>>[] {
  return rules.map(convertRule);
}

function convertRule(rule: V1Rule): Readonly<Record<string, unknown>> {
  return {
    action: convertAction(rule.action),
    ...defined({
      ipVersion: rule.ip_version,
      protocol: convertOptionalProtocol(rule.protocol),
      icmp: defined({ type: rule.icmp_type, code: rule.icmp_code }),
      notProtocol: convertOptionalProtocol(rule['!protocol']),
      notICMP: defined({ type: rule['!icmp_type'], code: rule['!icmp_code'] }),
    }),
    source: convertEntity(rule, 'src'),
    destination: convertEntity(rule, 'dst'),
  };
}

const ACTIONS: ReadonlyMap<string, string> = new Map(['Allow', 'Deny', 'Log', 'Pass'].map((action) => [action.toLowerCase(), action]));

/** An unknown action stays as it is, and validation refuses it. */
function convertAction(action: string): string {
  if (action === '') return 'Allow';
  return action === 'next-tier' ? 'Pass' : (ACTIONS.get(action.toLowerCase()) ?? action);
}

function convertOptionalProtocol(protocol: number | string | null | undefined): number | string | undefined {
  return protocol === undefined || protocol === null ? undefined : convertProtocol(protocol);
}

function convertEntity(rule: V1Rule, side: 'src' | 'dst'): Readonly<Record<string, unknown>> {
  return present({
    nets: convertNets(rule[`${side}_nets`], rule[`${side}_net`]),
    selector: both(convertSelector(rule[`${side}_selector`]), rule[`${side}_tag`]),
    ports: rule[`${side}_ports`],
    notNets: convertNets(rule[`!${side}_nets`], rule[`!${side}_net`]),
    notSelector: either(convertSelector(rule[`!${side}_selector`]), rule[`!${side}_tag`]),
    notPorts: rule[`!${side}_ports`],
  });
}

/** v1 did not mask networks. The single network comes last. */
function convertNets(nets: readonly Cidr[], net: Cidr | null | undefined): readonly string[] {
  return [...nets, ...(net ? [net] : [])].map((one) => formatCidr(network(one)));
}

/** Tags become labels with an empty value (see profiles). A v1 rule matches when selector and tag both do. */
function both(selector: string, tag: string): string {
  if (tag === '') return selector;
  return selector === '' ? hasTag(tag) : `(${selector}) && ${hasTag(tag)}`;
}

/** A v1 rule matches when neither the negated selector nor the negated tag does, hence `||`; upstream writes `&&`, which matches more. */
function either(selector: string, tag: string): string {
  if (tag === '') return selector;
  return selector === '' ? hasTag(tag) : `(${selector}) || ${hasTag(tag)}`;
}

function hasTag(tag: string): string {
  return `${tag} == ''`;
}
