import type { CalicoApi } from './calico-api.ts';
import { coverage, type Coverage } from './coverage.ts';
import { effectiveEndpoint, isAutomatic } from './host-endpoints.ts';
import type { GlobalPolicy, HostEndpoint, Tier } from './model.ts';
import { safelySelects } from './policies.ts';
import { allowsLabelled, isTemporary, UPGRADE_ENDPOINT_LABEL } from './temporary-policy.ts';

export interface EndpointRisk {
  readonly atRisk: boolean;
  readonly reason: string;
}

/** Whether a calico-node of v3.14 or later would cut this node off. Policies are read only where there is an endpoint to judge. */
export async function endpointRisk(api: CalicoApi, node: string): Promise<EndpointRisk> {
  const endpoint = effectiveEndpoint(await api.hostEndpoints(), node);
  if (!endpoint) return { atRisk: false, reason: `node ${node} has no \`*\` host endpoint` };
  if (isAutomatic(endpoint)) return { atRisk: false, reason: `HostEndpoint ${endpoint.name} is automatic` };
  const [policies, tiers] = await Promise.all([api.globalPolicies(), api.tiers()]);
  return judge(endpoint, policies, tiers);
}

/** An explicit Deny of everything is a risk, too, unless the endpoint was prepared: then preflight has had it acknowledged. */
function judge(endpoint: HostEndpoint, policies: readonly GlobalPolicy[], tiers: readonly Tier[]): EndpointRisk {
  const found = coverage(endpoint, policies, tiers);
  const name = `HostEndpoint ${endpoint.name}`;
  if (found.is === 'unprotected') return { atRisk: true, reason: `${name} is unprotected (${found.direction}: ${found.reason}); ${fixFor(endpoint)}` };
  if (found.is !== 'denied') return { atRisk: false, reason: `${name} is protected by ${protector(found)}` };
  const isPrepared = policies.some((policy) => isTemporary(policy) && allowsLabelled(policy) && safelySelects(policy, endpoint.labels));
  if (isPrepared) return { atRisk: false, reason: `${name} is prepared, and policy ${found.policy} denies on purpose` };
  return { atRisk: true, reason: `policy ${found.policy} would deny all ${found.direction} traffic of ${name}; ${fixFor(endpoint)}` };
}

function protector(found: Exclude<Coverage, { is: 'unprotected' | 'denied' }>): string {
  return found.is === 'policy' ? `policy ${found.policies.join(', ')}` : `its profile`;
}

function fixFor({ name }: HostEndpoint): string {
  return `sync with hooks, or give it a policy that allows: kubectl label hostendpoints.crd.projectcalico.org ${name} ${UPGRADE_ENDPOINT_LABEL}= once the temporary policy is there`;
}
