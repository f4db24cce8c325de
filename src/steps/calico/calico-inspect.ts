import * as z from 'zod';
import { V3_API_SERVICE } from '../../calico/datastore-names.ts';
import { recordAccess } from '../common/access.ts';
import { defineStep } from '../step.ts';
import { calicoConfigAccess } from './calico-access.ts';
import { CALICOCTL } from './calico-ctl-remove.ts';
import { assessAccess, deploymentAccess, names, workloadParams } from '../rollout/workload-params.ts';

/** Looks before anything changes: all problems at once. */
export const calicoInspect = defineStep({
  name: 'calico-inspect',
  summary: 'Says what is due and fails, before anything changes, on everything that stands in the way of the upgrade.',
  params: z.object({
    ...workloadParams,
    deployments: names.default([]).describe('Deployments of the release, such as calico-kube-controllers, calico-typha.'),
    calicoctl: z
      .enum(['replace', 'keep', 'absent'])
      .default('absent')
      .describe('An old calicoctl helper Pod: `replace`: the spec carries the new one; `keep`: it may stay; `absent`: it fails the preflight.'),
  }),
  access: (params, identity) => [
    ...recordAccess(identity, 'write'),
    ...assessAccess(params),
    ...calicoConfigAccess(params),
    { apiGroup: 'apiregistration.k8s.io', resources: ['apiservices'], verbs: ['get'], resourceNames: [V3_API_SERVICE] },
    ...deploymentAccess(params.namespace, params.deployments, ['get']),
    { apiGroup: '', resources: ['nodes'], verbs: ['list'] },
    { apiGroup: '', resources: ['pods'], verbs: ['get'], resourceNames: [CALICOCTL], namespace: params.namespace },
  ],
});
