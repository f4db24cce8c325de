import { applyingPolicies, fateOf, rulesOf } from './coverage.ts';
import { describeRule } from './describe-rule.ts';
import { DEFAULT_ALLOW_PROFILE, isManualAllInterfaces } from './host-endpoints.ts';
import { DIRECTIONS, type Direction, type GlobalPolicy, type HostEndpoint, type Tier } from './model.ts';
import { isNormal, matchesEverything, tierChains, type TierChain } from './policies.ts';
import { isTemporary } from './temporary-policy.ts';

/** A policy that drops traffic of `*` host endpoints from v3.14 on, and did not before. */
export interface Awakening {
  readonly policy: string;
  /**
   * `deny`: a Deny rule. `pass`: a Pass rule after which nothing takes the traffic. `forward`: a policy with applyOnForward, whose presence makes
   * the default of forwarded traffic a drop.
   */
  readonly kind: 'deny' | 'pass' | 'forward';
  readonly direction: Direction;
  /** Index of the rule in `spec.ingress` or `spec.egress`. */
  readonly rule?: number;
  /** Names of the endpoints. */
  readonly endpoints: readonly string[];
  readonly sentence: string;
}

/**
 * Before v3.14 Felix honoured only preDNAT policies on `*` endpoints (felix release-v3.13, dataplane/linux/endpoint_mgr.go), and doNotTrack policies
 * it honours there in no release; all others come alive. Rules behind one that decides everything are never reached and not listed, nor are
 * policies with a malformed selector, which Felix ignores.
 */
export function awakenings(endpoints: readonly HostEndpoint[], policies: readonly GlobalPolicy[], tiers: readonly Tier[]): readonly Awakening[] {
  const normal = policies.filter((policy) => isNormal(policy) && !isTemporary(policy));
  const chains = tierChains(normal, tiers);
  const forward = tierChains(normal.filter(({ spec }) => spec.applyOnForward), tiers);
  const sightings = endpoints
    .filter(isManualAllInterfaces)
    .flatMap((endpoint) => DIRECTIONS.flatMap((direction) => sightingsOf(endpoint, chains, forward, direction)));
  return joinEndpoints(sightings);
}

interface Sighting extends Omit<Awakening, 'endpoints' | 'sentence'> {
  readonly endpoint: string;
  readonly what: string;
}

function sightingsOf(endpoint: HostEndpoint, chains: readonly TierChain[], forward: readonly TierChain[], direction: Direction): readonly Sighting[] {
  const forwarding = allowing(endpoint);
  return [endingRules(endpoint, chains, direction), endingRules(forwarding, forward, direction), forwardDrops(forwarding, forward, direction)].flat();
}

/** Forwarded traffic knows no profiles; what is passed on is not dropped. */
function allowing(endpoint: HostEndpoint): HostEndpoint {
  return { ...endpoint, spec: { ...endpoint.spec, profiles: [DEFAULT_ALLOW_PROFILE] } };
}

/** The Deny and dead-end Pass rules that traffic can reach. */
function endingRules(endpoint: HostEndpoint, chains: readonly TierChain[], direction: Direction): readonly Sighting[] {
  const [chain, ...rest] = chains;
  if (!chain) return [];
  const applying = applyingPolicies(endpoint, chain, direction);
  const found: Sighting[] = [];
  let passed = applying.length === 0;
  let reachesEnd = true;
  for (const { policy, rule, index } of rulesOf(applying, direction)) {
    const action = rule.action.toLowerCase();
    const isDeadEnd = action === 'pass' && !goesOn(endpoint, rest, direction);
    if (action === 'deny' || isDeadEnd) {
      found.push({ policy: policy.name, kind: action === 'deny' ? 'deny' : 'pass', direction, rule: index, endpoint: endpoint.name, what: describeRule(rule) });
    }
    passed ||= action === 'pass';
    if (action === 'log' || !matchesEverything(rule)) continue;
    reachesEnd = false;
    break;
  }
  const goesNext = passed || (reachesEnd && chain.endsWith === 'Pass');
  return goesNext ? [...found, ...endingRules(endpoint, rest, direction)] : found;
}

/** Whether a later tier or a profile takes what is passed on. */
function goesOn(endpoint: HostEndpoint, rest: readonly TierChain[], direction: Direction): boolean {
  return rest.some((chain) => applyingPolicies(endpoint, chain, direction).length > 0) || fateOf(endpoint, [], direction).is === 'allowed';
}

function forwardDrops(endpoint: HostEndpoint, chains: readonly TierChain[], direction: Direction): readonly Sighting[] {
  const applying = chains.flatMap((chain) => applyingPolicies(endpoint, chain, direction));
  if (applying.length === 0 || fateOf(endpoint, chains, direction).is !== 'dropped') return [];
  return applying.map(({ name }) => ({ policy: name, kind: 'forward' as const, direction, endpoint: endpoint.name, what: '' }));
}

function joinEndpoints(sightings: readonly Sighting[]): readonly Awakening[] {
  const joined = new Map<string, Sighting[]>();
  for (const sighting of sightings) {
    const key = JSON.stringify([sighting.policy, sighting.kind, sighting.direction, sighting.rule]);
    joined.set(key, [...(joined.get(key) ?? []), sighting]);
  }
  return [...joined.values()].map(toAwakening);
}

function toAwakening(sightings: readonly Sighting[]): Awakening {
  const { endpoint: _one, what, ...awakening } = sightings[0]!;
  const endpoints = [...new Set(sightings.map(({ endpoint }) => endpoint))];
  return { ...awakening, endpoints, sentence: `${sentenceOf(awakening, what)} on ${listEndpoints(endpoints)}` };
}

function sentenceOf({ policy, kind, direction, rule }: Omit<Sighting, 'endpoint' | 'what'>, what: string): string {
  if (kind === 'deny') return `GlobalNetworkPolicy ${policy}, ${direction}[${rule}], will deny ${what}`;
  if (kind === 'pass') return `GlobalNetworkPolicy ${policy}, ${direction}[${rule}], will pass ${what} to where nothing allows it`;
  return `GlobalNetworkPolicy ${policy} (applyOnForward) will make forwarded ${direction} traffic, such as that of Pods, dropped unless a policy allows it`;
}

const ENDPOINTS_SHOWN = 5;

export function listEndpoints(names: readonly string[]): string {
  const shown = names.slice(0, ENDPOINTS_SHOWN).join(', ');
  const more = names.length - ENDPOINTS_SHOWN;
  return `HostEndpoint${names.length === 1 ? '' : 's'} ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}
