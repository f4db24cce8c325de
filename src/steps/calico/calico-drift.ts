import * as z from 'zod';
import { recordAccess } from '../common/access.ts';
import { defineStep } from '../step.ts';
import { assessAccess, workloadParams } from '../rollout/workload-params.ts';

/** ConfigMaps and Deployments of a manifest install that people edit; the DaemonSet is a parameter. */
export const EDITED_CONFIG_MAPS = ['calico-config', 'canal-config'] as const;
export const EDITED_DEPLOYMENTS = ['calico-kube-controllers', 'calico-typha'] as const;

export const calicoDrift = defineStep({
  name: 'calico-drift',
  summary: 'Fails when live edits of settings, environment or image registries would be lost, unless an overlay carries them.',
  params: z.object({
    ...workloadParams,
    tunables: z.string().min(1).describe('Path of the file that says what was installed and what the spec brings.'),
  }),
  access: (params, identity) => [
    ...recordAccess(identity, 'write'),
    ...assessAccess(params),
    { apiGroup: '', resources: ['configmaps'], verbs: ['get'], resourceNames: EDITED_CONFIG_MAPS, namespace: params.namespace },
    { apiGroup: 'apps', resources: ['deployments'], verbs: ['get'], resourceNames: EDITED_DEPLOYMENTS, namespace: params.namespace },
  ],
});
