import * as z from 'zod';
import { recordAccess } from '../common/access.ts';
import { defineStep } from '../step.ts';
import { migrationParams, workloadAccess } from './migration-params.ts';

/** Preflight: everything that can be known before Calico is paused. */
export const migrationInspect = defineStep({
  name: 'migration-inspect',
  summary: 'Says how far the migration is; before it has begun, converts all v1 data without writing any, and reports what would be converted, skipped or refused.',
  params: z.object({
    ...migrationParams,
    finished: z.boolean().default(false).describe('The spec says that the migration is over: fails unless it is complete.'),
  }),
  access: (params, identity) => [...recordAccess(identity, 'write'), ...workloadAccess(params)],
});
