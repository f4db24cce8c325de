import * as z from 'zod';
import { defineStep } from '../step.ts';
import { recordAccess } from './access.ts';

/** Stops a sync before anything changes when the run record says that this plan may not go on. */
export const planGate = defineStep({
  name: 'plan-gate',
  summary: 'Fails when this plan is frozen and not approved for another try, or when another upgrade is unfinished.',
  params: z.object({
    from: z.string().min(1).describe('The release before the upgrade.'),
    to: z.string().min(1).describe('The release to upgrade to.'),
  }),
  access: (_params, identity) => recordAccess(identity, 'write'),
});
