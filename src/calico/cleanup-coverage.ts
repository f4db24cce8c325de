import { DIRECTIONS, type Direction, type GlobalPolicy, type HostEndpoint } from './model.ts';
import { governs, isNormal, safelySelects } from './policies.ts';
import { isTemporary } from './temporary-policy.ts';

/**
 * The milder rule, for taking the temporary policy away: each direction has a policy of the user's with an Allow, or no policy at all and a profile.
 * What those policies leave out, they leave out on purpose. Source: projectcalico/calico v3.22, hostendpoints-upgrade.md, "adjust policies to secure
 * your host endpoints, then delete the temporary policy".
 * @returns the directions that nothing covers; none when the endpoint is covered
 */
export function uncoveredDirections(endpoint: HostEndpoint, policies: readonly GlobalPolicy[]): readonly Direction[] {
  const others = policies.filter((policy) => isNormal(policy) && !isTemporary(policy) && safelySelects(policy, endpoint.labels));
  return DIRECTIONS.filter((direction) => !isCovered(endpoint, others, direction));
}

function isCovered({ spec }: HostEndpoint, others: readonly GlobalPolicy[], direction: Direction): boolean {
  const governing = others.filter((policy) => governs(policy.spec, direction));
  if (governing.length === 0) return (spec.profiles ?? []).length > 0;
  return governing.some((policy) => policy.spec[direction]?.some(({ action }) => action.toLowerCase() === 'allow'));
}
