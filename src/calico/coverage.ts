/** What becomes of the traffic of a host endpoint from v3.14 on, when nothing but policies and profiles decide. */
import { DEFAULT_ALLOW_PROFILE, isAutomatic } from './host-endpoints.ts';
import { DIRECTIONS, type Direction, type GlobalPolicy, type HostEndpoint, type Tier } from './model.ts';
import { governs, isNormal, matchesEverything, safelySelects, tierChains, type TierChain } from './policies.ts';

export type Coverage =
  | { readonly is: 'automatic' | 'profile' }
  /** Policies that allow all traffic. */
  | { readonly is: 'policy'; readonly policies: readonly string[] }
  /** A rule of this policy ends all traffic on purpose. */
  | { readonly is: 'denied'; readonly policy: string; readonly direction: Direction }
  /** Traffic is dropped although no rule says so. */
  | { readonly is: 'unprotected'; readonly direction: Direction; readonly reason: string };

/**
 * The strict rule: covered is an endpoint on which no traffic meets a drop that no rule asked for. Rules that match only some traffic are
 * explicit decisions and don't matter. Source: felix/rules/endpoints.go and felix/calc (projectcalico/calico v3.32; release-v3.14 differs only in
 * having one tier).
 */
export function coverage(endpoint: HostEndpoint, policies: readonly GlobalPolicy[], tiers: readonly Tier[]): Coverage {
  if (isAutomatic(endpoint)) return { is: 'automatic' };
  const chains = tierChains(policies.filter(isNormal), tiers);
  const fates = DIRECTIONS.map((direction) => [direction, fateOf(endpoint, chains, direction)] as const);
  for (const [direction, fate] of fates) if (fate.is === 'dropped') return { is: 'unprotected', direction, reason: fate.reason };
  for (const [direction, fate] of fates) if (fate.is === 'denied') return { is: 'denied', policy: fate.by, direction };
  const allowing = [...new Set(fates.flatMap(([, fate]) => (fate.is === 'allowed' && fate.by !== undefined ? [fate.by] : [])))];
  return allowing.length === 0 ? { is: 'profile' } : { is: 'policy', policies: allowing };
}

/** What meets traffic that no narrower rule decides. */
export type Fate =
  /** `by` is absent when a profile, or nothing at all, allows it. */
  | { readonly is: 'allowed'; readonly by?: string }
  | { readonly is: 'denied'; readonly by: string }
  | { readonly is: 'dropped'; readonly reason: string };

export function fateOf(endpoint: HostEndpoint, chains: readonly TierChain[], direction: Direction): Fate {
  const [chain, ...rest] = chains;
  if (!chain) return fateAtEnd(endpoint);
  const applying = applyingPolicies(endpoint, chain, direction);
  if (applying.length === 0) return fateOf(endpoint, rest, direction);
  let passed: Fate | undefined;
  for (const { policy, rule } of rulesOf(applying, direction)) {
    const action = rule.action.toLowerCase();
    const isTotal = matchesEverything(rule);
    if (action === 'allow' && isTotal) return worse(passed, { is: 'allowed', by: policy.name });
    if (action === 'deny' && isTotal) return worse(passed, { is: 'denied', by: policy.name });
    if (action !== 'pass') continue;
    passed = worse(passed, fateAfterPass(endpoint, rest, direction, policy));
    if (isTotal) return passed;
  }
  if (chain.endsWith === 'Pass') return worse(passed, fateOf(endpoint, rest, direction));
  return { is: 'dropped', reason: `tier ${chain.tier} drops what ${applying.map(({ name }) => name).join(', ')} leaves undecided` };
}

export function applyingPolicies(endpoint: HostEndpoint, { policies }: TierChain, direction: Direction): readonly GlobalPolicy[] {
  return policies.filter((policy) => governs(policy.spec, direction) && safelySelects(policy, endpoint.labels));
}

export function rulesOf(policies: readonly GlobalPolicy[], direction: Direction) {
  return policies.flatMap((policy) => (policy.spec[direction] ?? []).map((rule, index) => ({ policy, rule, index })));
}

/** Profiles are asked when no policy has applied, or when all tiers have passed. Of other profiles than this one the rules are not known here. */
function fateAtEnd({ spec }: HostEndpoint): Fate {
  const { profiles = [] } = spec;
  if (profiles.includes(DEFAULT_ALLOW_PROFILE)) return { is: 'allowed' };
  const profile = profiles.length === 0 ? 'no profile' : `profile ${profiles.join(', ')}`;
  return { is: 'dropped', reason: `no policy selects it, and it has ${profile}` };
}

/** Who passes traffic to where nobody takes it has dropped it by a rule. */
function fateAfterPass(endpoint: HostEndpoint, rest: readonly TierChain[], direction: Direction, policy: GlobalPolicy): Fate {
  const applies = rest.some((chain) => applyingPolicies(endpoint, chain, direction).length > 0);
  const fate = fateOf(endpoint, rest, direction);
  return fate.is === 'dropped' && !applies ? { is: 'denied', by: policy.name } : fate;
}

/** Some traffic was passed on: a drop that nobody asked for weighs more than what becomes of the rest. */
function worse(passed: Fate | undefined, fate: Fate): Fate {
  return passed?.is === 'dropped' ? passed : fate;
}
