import * as z from 'zod';
import { lockAccess, recordAccess } from '../common/access.ts';
import { defineStep } from '../step.ts';
import { calicoAccess, calicoConfigAccess, undoAccess } from './calico-access.ts';
import { names, workloadParams } from '../rollout/workload-params.ts';

/** The end of the temporary policy; its gates are looked at here, where the change is made. */
export const calicoUnprotect = defineStep({
  name: 'calico-unprotect',
  summary: 'Takes the temporary policy and its labels away, once the upgrade is verified, that is approved, and something else covers each endpoint.',
  waitsFor: 'approval',
  params: z.object({
    ...workloadParams,
    overrides: names.default([]).describe('Host endpoints that may lose the policy although nothing else covers them.'),
    approved: z.string().optional().describe('Digest of the plan whose cleanup is approved in Git.'),
  }),
  access: (params, identity) => [
    ...recordAccess(identity, 'write'),
    ...lockAccess(identity),
    ...calicoConfigAccess(params),
    ...calicoAccess({ hostEndpoints: ['get', 'list', 'patch'], policies: ['get', 'list', 'delete'], tiers: false }),
    ...undoAccess(identity, ['get', 'patch']),
  ],
});
