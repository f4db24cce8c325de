import type { GlobalPolicy, HostEndpoint, PolicySpec } from '../../../src/calico/model.ts';

/** A `*` endpoint of node-1, unless told otherwise. */
export function endpoint(name: string, spec: HostEndpoint['spec'] = {}, labels: Record<string, string> = {}): HostEndpoint {
  const full = { node: 'node-1', interfaceName: '*', ...spec };
  return { name, labels, spec: full, stored: { apiVersion: 'crd.projectcalico.org/v1', kind: 'HostEndpoint', metadata: { name, labels } } };
}

export function policy(name: string, spec: PolicySpec = {}): GlobalPolicy {
  return { name, annotations: {}, spec, stored: { apiVersion: 'crd.projectcalico.org/v1', kind: 'GlobalNetworkPolicy', metadata: { name } } };
}

export const BOTH = ['Ingress', 'Egress'];
export const ALLOW = [{ action: 'Allow' }];
export const DENY = [{ action: 'Deny' }];
/** Allows all traffic, both ways, on everything. */
export const allowAll = (name = 'allow', spec: PolicySpec = {}): GlobalPolicy => policy(name, { types: BOTH, ingress: ALLOW, egress: ALLOW, ...spec });
