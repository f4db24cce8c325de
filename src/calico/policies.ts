/** How Felix reads a GlobalNetworkPolicy with regard to host endpoints (projectcalico/calico v3.32, felix/calc and libcalico-go/lib/backend/syncersv1). */
import type { Direction, GlobalPolicy, PolicySpec, Rule, Tier } from './model.ts';
import { parseSelector, type Selector } from './selector.ts';
import { matchesSelector, type Labels } from './selector-match.ts';

/**
 * Policies for the traffic of the host itself, after DNAT and tracked: preDNAT and doNotTrack policies stand outside of the tiers' end
 * and protect from no drop. Policies with applyOnForward count here, too, and for forwarded traffic besides.
 */
export function isNormal({ spec }: GlobalPolicy): boolean {
  return !spec.preDNAT && !spec.doNotTrack;
}

/** A policy without types governs both directions: Felix's rule for what was stored past the API's defaults. */
export function governs({ types }: PolicySpec, direction: Direction): boolean {
  return !types || types.length === 0 || types.some((type) => type.toLowerCase() === direction);
}

/** Whether the policy selects an endpoint with these labels. @throws SelectorError when one of its selectors is none: Felix ignores such a policy. */
export function selects({ spec }: GlobalPolicy, labels: Labels): boolean {
  return matchesSelector(endpointSelector(spec), labels);
}

/** As `selects`; a policy that can't be read selects nothing. */
export function safelySelects(policy: GlobalPolicy, labels: Labels): boolean {
  try {
    return selects(policy, labels);
  } catch {
    return false;
  }
}

/**
 * Selectors of namespaces and service accounts are joined to the main one with prefixed keys; host endpoints have neither, and where
 * they are given, `all()` means "in any namespace" (globalnetworkpolicyprocessor.go).
 */
function endpointSelector({ selector = '', namespaceSelector = '', serviceAccountSelector = '' }: PolicySpec): Selector {
  const scopes = [
    [namespaceSelector, 'pcns.', 'projectcalico.org/namespace'],
    [serviceAccountSelector, 'pcsa.', 'projectcalico.org/serviceaccount'],
  ] as const;
  let joined = selector === '' ? undefined : parseSelector(selector);
  for (const [text, prefix, marker] of scopes) {
    if (text === '') continue;
    const scope = rewrite(parseSelector(text), (key) => prefix + key);
    joined = withoutAll(joined ? { is: 'and', operands: [joined, scope] } : scope, marker);
  }
  return joined ?? { is: 'all' };
}

function rewrite(selector: Selector, rename: (key: string) => string): Selector {
  if ('key' in selector) return { ...selector, key: rename(selector.key) };
  if (selector.is === 'not') return { ...selector, operand: rewrite(selector.operand, rename) };
  if ('operands' in selector) return { ...selector, operands: selector.operands.map((operand) => rewrite(operand, rename)) };
  return selector;
}

function withoutAll(selector: Selector, marker: string): Selector {
  if (selector.is === 'all') return { is: 'has', key: marker };
  if (selector.is === 'not') return { ...selector, operand: withoutAll(selector.operand, marker) };
  if ('operands' in selector) return { ...selector, operands: selector.operands.map((operand) => withoutAll(operand, marker)) };
  return selector;
}

/** Whether a rule matches all traffic. A net of the whole address range or a selector narrows: it leaves an address family or unknown peers out. */
export function matchesEverything({ action: _action, metadata: _metadata, ...narrowing }: Rule): boolean {
  return Object.values(narrowing).every(isEmpty);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

export interface TierChain {
  readonly tier: string;
  readonly endsWith: 'Deny' | 'Pass';
  /** In the order in which Felix evaluates them. */
  readonly policies: readonly GlobalPolicy[];
}

const DEFAULT_TIER = 'default';
const DEFAULT_TIER_ORDER = 1_000_000;

/** Policies by tier, in Felix's order: tiers by order, then name; policies by order (none is last), then name. A policy of a missing tier comes last. */
export function tierChains(policies: readonly GlobalPolicy[], tiers: readonly Tier[]): readonly TierChain[] {
  const names = [...new Set(policies.map(tierOf))];
  return names
    .map((name) => tiers.find((tier) => tier.name === name) ?? missingTier(name))
    .sort((a, b) => byOrder(a, b))
    .map(({ name, defaultAction }) => ({
      tier: name,
      endsWith: defaultAction === 'Pass' ? ('Pass' as const) : ('Deny' as const),
      policies: policies.filter((policy) => tierOf(policy) === name).sort((a, b) => byOrder({ name: a.name, order: a.spec.order }, { name: b.name, order: b.spec.order })),
    }));
}

function missingTier(name: string): Tier {
  return name === DEFAULT_TIER ? { name, order: DEFAULT_TIER_ORDER } : { name };
}

export function tierOf({ spec }: GlobalPolicy): string {
  return spec.tier || DEFAULT_TIER;
}

interface Ordered {
  readonly name: string;
  readonly order?: number | null | undefined;
}

function byOrder(a: Ordered, b: Ordered): number {
  const [left, right] = [a.order ?? Infinity, b.order ?? Infinity];
  if (left !== right) return left < right ? -1 : 1;
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
