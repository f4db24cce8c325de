/** Parameters and rights that the steps of a datastore migration share. Where etcd is comes from the environment, as in upstream's hooks. */
import * as z from 'zod';
import { names } from '../rollout/workload-params.ts';
import type { AccessRule } from '../step.ts';

export const migrationParams = {
  from: z.string().min(1).describe("Tag of calico-node's image before."),
  to: z.string().min(1).describe("Tag of calico-node's image after."),
  direction: z.enum(['migrate', 'abort']).default('migrate').describe('`abort` goes back before the completion.'),
  namespace: z.string().min(1).default('kube-system').describe('Namespace of Calico.'),
  daemonset: z.string().min(1).default('calico-node').describe('DaemonSet of calico-node.'),
  container: z.string().min(1).default('calico-node').describe('Container whose image carries the release.'),
} as const;

export const deploymentNames = names.default([]).describe('Deployments of the release, such as calico-kube-controllers.');

interface Where {
  readonly namespace: string;
  readonly daemonset: string;
}

/** To read the DaemonSet and its Pods, and what else `verbs` says of the DaemonSet. */
export function workloadAccess({ namespace, daemonset }: Where, verbs: AccessRule['verbs'] = ['get'], podVerbs: AccessRule['verbs'] = ['list']): readonly AccessRule[] {
  return [
    { apiGroup: 'apps', resources: ['daemonsets'], verbs, resourceNames: [daemonset], namespace },
    { apiGroup: '', resources: ['pods'], verbs: podVerbs, namespace },
  ];
}
