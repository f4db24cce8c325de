import type { Resource } from './cluster.ts';

function resource(group: string, version: string, plural: string, kind: string, namespaced: boolean): Resource {
  return { group, version, plural, kind, namespaced };
}

export const CONFIG_MAPS = resource('', 'v1', 'configmaps', 'ConfigMap', true);
export const NODES = resource('', 'v1', 'nodes', 'Node', false);
export const PODS = resource('', 'v1', 'pods', 'Pod', true);
export const DAEMON_SETS = resource('apps', 'v1', 'daemonsets', 'DaemonSet', true);
export const DEPLOYMENTS = resource('apps', 'v1', 'deployments', 'Deployment', true);
export const JOBS = resource('batch', 'v1', 'jobs', 'Job', true);
export const LEASES = resource('coordination.k8s.io', 'v1', 'leases', 'Lease', true);
export const API_SERVICES = resource('apiregistration.k8s.io', 'v1', 'apiservices', 'APIService', false);
export const SELF_SUBJECT_REVIEWS = resource('authentication.k8s.io', 'v1', 'selfsubjectreviews', 'SelfSubjectReview', false);
export const SELF_SUBJECT_ACCESS_REVIEWS = resource('authorization.k8s.io', 'v1', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', false);
export const CUSTOM_RESOURCE_DEFINITIONS = resource('apiextensions.k8s.io', 'v1', 'customresourcedefinitions', 'CustomResourceDefinition', false);
