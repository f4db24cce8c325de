import * as z from 'zod';
import { recordAccess } from '../common/access.ts';
import { defineStep } from '../step.ts';
import { assessAccess, deploymentAccess, logAccess, names, ownJobAccess, seconds, workloadParams } from '../rollout/workload-params.ts';

/** The proof, once per plan; it ends the run. */
export const calicoVerify = defineStep({
  name: 'calico-verify',
  summary: 'Proves that every part of Calico runs the new release, twice some time apart, and ends the run.',
  params: z.object({
    ...workloadParams,
    deployments: names.default([]).describe('Deployments of the release, such as calico-kube-controllers, calico-typha.'),
    stableSeconds: seconds.default(30).describe('Time between the two looks: each starting calico-node writes its own version into ClusterInformation.'),
    timeoutSeconds: seconds.default(600).describe('Counted from the start of the Job.'),
  }),
  access: (params, identity) => [
    ...recordAccess(identity, 'write'),
    ...ownJobAccess(identity),
    ...assessAccess(params),
    ...logAccess(params),
    { apiGroup: 'apps', resources: ['daemonsets'], verbs: ['get', 'list', 'watch'], resourceNames: [params.daemonset], namespace: params.namespace },
    ...deploymentAccess(params.namespace, params.deployments, ['get', 'list', 'watch']),
  ],
});
