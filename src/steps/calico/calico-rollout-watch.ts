import * as z from 'zod';
import { V1_GROUP, V3_GROUP } from '../../calico/resources.ts';
import { crosses } from '../../calico/versions.ts';
import { lockAccess, recordAccess } from '../common/access.ts';
import { defineStep, type AccessRule, type UpgradeIdentity } from '../step.ts';
import { calicoConfigAccess, protectAccess } from './calico-access.ts';
import { HOST_ENDPOINTS_DROP } from './host-endpoint-change.ts';
import { assessAccess, logAccess, names, ownJobAccess, seconds, workloadParams } from '../rollout/workload-params.ts';

/** Runs beside the rollout, in the wave of the DaemonSet: its failure must end the wave, so it stops the rollout before it fails. */
export const calicoRolloutWatch = defineStep({
  name: 'calico-rollout-watch',
  summary: 'Watches the rollout of calico-node, without containers that an apply has left of the old release; at the deadline, or when it stands still, says why and freezes it.',
  params: z.object({
    ...workloadParams,
    rolloutSeconds: seconds.default(3600).describe('Deadline of the rollout, counted from the start of the Job.'),
    stallSeconds: seconds.default(600).describe('Longest time without any progress.'),
    containers: names.default([]).describe('Names of all containers of the target template; what kubectl applied beyond them is taken out. None: nothing is.'),
    settleSeconds: seconds.default(120).describe('Longest time until the apply has reached the DaemonSet.'),
  }),
  access: (params, identity) => [
    ...recordAccess(identity, 'write'),
    ...lockAccess(identity),
    ...ownJobAccess(identity),
    ...assessAccess(params),
    ...logAccess(params),
    { apiGroup: 'apps', resources: ['daemonsets'], verbs: ['get', 'list', 'watch', 'patch'], resourceNames: [params.daemonset], namespace: params.namespace },
    { apiGroup: '', resources: ['pods'], verbs: ['list', 'watch'], namespace: params.namespace },
    ...(crosses(params.from, params.to, HOST_ENDPOINTS_DROP) ? endpointAccess(params, identity) : []),
  ],
});

/** To protect host endpoints that appear during the rollout. */
function endpointAccess(params: { readonly namespace: string }, identity: UpgradeIdentity): readonly AccessRule[] {
  const watched = [V1_GROUP, V3_GROUP].map((apiGroup): AccessRule => ({ apiGroup, resources: ['hostendpoints'], verbs: ['list', 'watch'] }));
  return [...calicoConfigAccess(params), ...protectAccess(identity), ...watched];
}
