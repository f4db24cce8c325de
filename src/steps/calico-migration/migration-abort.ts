import * as z from 'zod';
import { lockAccess, recordAccess } from '../common/access.ts';
import { defineStep } from '../step.ts';
import { migrationParams, workloadAccess } from './migration-params.ts';

/** The way back before the completion, ahead of the old workloads. */
export const migrationAbort = defineStep({
  name: 'migration-abort',
  summary: 'Takes the new calico-node away, whose guards would begin again, lets Calico v1 go on and marks the v3 data as stale.',
  params: z.object(migrationParams),
  access: (params, identity) => [...recordAccess(identity, 'write'), ...lockAccess(identity), ...workloadAccess(params, ['get', 'delete'])],
});
