import * as z from 'zod';
import { defineStep } from '../step.ts';
import { lockAccess, recordAccess } from './access.ts';

/** A failed once-Job would fail every later sync: its name and its manifest are unchanged, so nothing would run it again. */
export const onceJobsClear = defineStep({
  name: 'once-jobs-clear',
  summary: 'Deletes once-Jobs of this upgrade that have failed or belong to another plan.',
  params: z.object({
    prefix: z.string().default('').describe('Only Jobs whose names begin with it.'),
  }),
  access: (_params, identity) => [
    ...recordAccess(identity, 'write'),
    { apiGroup: 'batch', resources: ['jobs'], verbs: ['get', 'list', 'delete'], namespace: identity.namespace },
    ...lockAccess(identity),
  ],
});
