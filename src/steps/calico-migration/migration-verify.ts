import * as z from 'zod';
import { deploymentAccess, logAccess, ownJobAccess, seconds } from '../rollout/workload-params.ts';
import { recordAccess } from '../common/access.ts';
import { defineStep } from '../step.ts';
import { deploymentNames, migrationParams, workloadAccess } from './migration-params.ts';

/** The proof, once per plan; it ends the run. */
export const migrationVerify = defineStep({
  name: 'migration-verify',
  summary: 'Proves, twice some time apart, that the migration is complete (or aborted) and that DaemonSet and Deployments run what belongs to it; ends the run.',
  params: z.object({
    ...migrationParams,
    deployments: deploymentNames,
    stableSeconds: seconds.default(30).describe('Time between the two looks.'),
    timeoutSeconds: seconds.default(600).describe('Counted from the start of the Job.'),
  }),
  access: (params, identity) => [
    ...recordAccess(identity, 'write'),
    ...ownJobAccess(identity),
    ...workloadAccess(params, ['get', 'list', 'watch']),
    ...deploymentAccess(params.namespace, params.deployments, ['get', 'list', 'watch']),
    ...logAccess(params),
  ],
});
