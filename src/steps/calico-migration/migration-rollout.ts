import * as z from 'zod';
import { logAccess, ownJobAccess, seconds } from '../rollout/workload-params.ts';
import { lockAccess, recordAccess } from '../common/access.ts';
import { defineStep } from '../step.ts';
import { migrationParams, workloadAccess } from './migration-params.ts';

/**
 * Runs beside the rollout, in the wave of the DaemonSet: calico-node gets ready only after the completion, so nothing later could complete the migration.
 * Its failure must end the wave, so it stops the rollout before it fails.
 */
export const migrationRollout = defineStep({
  name: 'migration-rollout',
  summary: 'Watches the rollout; when every new calico-node has passed its guard, completes the migration; at the deadline, or when it stands still, says why and freezes it.',
  params: z.object({
    ...migrationParams,
    rolloutSeconds: seconds.default(3600).describe('Deadline of the rollout, counted from the start of the Job.'),
    stallSeconds: seconds.default(900).describe('Longest time without any progress of the rollout or the migration.'),
    settleSeconds: seconds.default(300).describe('Longest time until the apply has reached the DaemonSet.'),
  }),
  access: (params, identity) => [
    ...recordAccess(identity, 'write'),
    ...lockAccess(identity),
    ...ownJobAccess(identity),
    ...workloadAccess(params, ['get', 'list', 'watch', 'patch'], ['list', 'watch']),
    ...logAccess(params),
  ],
});
