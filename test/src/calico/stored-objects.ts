/** Calico's objects as the storage API, crd.projectcalico.org/v1, holds them. */
import type { KubeObject } from '../../../src/kube/cluster.ts';
import type { HostEndpoint, PolicySpec } from '../../../src/calico/model.ts';

export type StoredEndpoint = KubeObject & { readonly spec: HostEndpoint['spec'] };
export type StoredPolicy = KubeObject & { readonly spec: PolicySpec };

interface Meta {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

/** A `*` endpoint of node-1, unless told otherwise. */
export function storedEndpoint(name: string, spec: HostEndpoint['spec'] = {}, meta: Meta = {}, apiVersion = 'crd.projectcalico.org/v1'): StoredEndpoint {
  return { apiVersion, kind: 'HostEndpoint', metadata: { name, ...meta }, spec: { node: 'node-1', interfaceName: '*', ...spec } };
}

export function storedPolicy(name: string, spec: PolicySpec, meta: Meta = {}, apiVersion = 'crd.projectcalico.org/v1'): StoredPolicy {
  return { apiVersion, kind: 'GlobalNetworkPolicy', metadata: { name, ...meta }, spec };
}

/** The annotation in which Calico keeps metadata. */
export function hidden(metadata: object): Record<string, string> {
  return { 'projectcalico.org/metadata': JSON.stringify(metadata) };
}

export const AUTOMATIC = { labels: { 'projectcalico.org/created-by': 'calico-kube-controllers' } };

export function apiService(available: 'True' | 'False', labels: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v3.projectcalico.org', labels },
    status: { conditions: [{ type: 'Available', status: available, message: 'no endpoints' }] },
  } as KubeObject;
}
