/** Parameters and rights that the steps around calico-node's rollout share. */
import * as z from 'zod';
import { CLUSTER_INFORMATIONS } from '../../calico/cluster-information.ts';
import { KUBE_CONTROLLERS, NODE_DAEMON_SETS } from '../../calico/names.ts';
import { parseVersion } from '../../calico/versions.ts';
import type { Workload } from '../../calico/workloads.ts';
import type { AccessRule, UpgradeIdentity } from '../step.ts';

export const releaseParam = z.string().refine((text) => parseVersion(text) !== undefined, 'expected a release such as v3.32.1');

export const seconds = z.number().int().positive();

export const names = z.array(z.string().min(1));

export const workloadParams = {
  from: releaseParam.describe('The release before the upgrade.'),
  to: releaseParam.describe('The release to upgrade to.'),
  namespace: z.string().min(1).default('kube-system').describe('Namespace of Calico.'),
  daemonset: z.string().min(1).default('calico-node').describe('DaemonSet of calico-node; canal in the flannel variant.'),
  container: z.string().min(1).default('calico-node').describe('Container whose image carries the version.'),
} as const;

export interface WorkloadParams {
  readonly namespace: string;
  readonly daemonset: string;
}

/** What `assess` reads. */
export function assessAccess({ namespace, daemonset }: WorkloadParams): readonly AccessRule[] {
  const daemonSets = [...new Set([daemonset, ...NODE_DAEMON_SETS])];
  return [
    { apiGroup: 'apps', resources: ['daemonsets'], verbs: ['get'], resourceNames: daemonSets, namespace },
    { apiGroup: 'apps', resources: ['deployments'], verbs: ['get'], resourceNames: [KUBE_CONTROLLERS], namespace },
    { apiGroup: '', resources: ['pods'], verbs: ['list'], namespace },
    ...clusterInformationAccess(['get']),
  ];
}

function clusterInformationAccess(verbs: AccessRule['verbs']): readonly AccessRule[] {
  return CLUSTER_INFORMATIONS.map(({ group, plural }) => ({ apiGroup: group, resources: [plural], verbs, resourceNames: ['default'] }));
}

/** Last log lines of Calico's Pods. */
export function logAccess({ namespace }: WorkloadParams): readonly AccessRule[] {
  return [{ apiGroup: '', resources: ['pods/log'], verbs: ['get'], namespace }];
}

/** The Job that runs the step: its start is the start of every deadline. */
export function ownJobAccess({ namespace }: UpgradeIdentity): readonly AccessRule[] {
  return [{ apiGroup: 'batch', resources: ['jobs'], verbs: ['get'], namespace }];
}

/** What the parameters name. */
export function workloadOf({ namespace, daemonset, container }: WorkloadParams & { readonly container: string }): Workload {
  return { namespace, daemonset, container };
}

/** No rule for no names: an empty `resourceNames` would mean every Deployment. */
export function deploymentAccess(namespace: string, deployments: readonly string[], verbs: AccessRule['verbs']): readonly AccessRule[] {
  return deployments.length === 0 ? [] : [{ apiGroup: 'apps', resources: ['deployments'], verbs, resourceNames: deployments, namespace }];
}
