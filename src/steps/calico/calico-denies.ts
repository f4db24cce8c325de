import * as z from 'zod';
import { recordAccess } from '../common/access.ts';
import { defineStep } from '../step.ts';
import { calicoAccess, calicoConfigAccess, undoAccess } from './calico-access.ts';
import { assessAccess, names, workloadParams } from '../rollout/workload-params.ts';

/** Policies that v3.14 brings to life on `*` host endpoints: shown before, not found out after. */
export const calicoDenies = defineStep({
  name: 'calico-denies',
  summary: 'Lists policies that would begin to drop traffic of `*` host endpoints, and fails until the spec acknowledges them.',
  params: z.object({
    ...workloadParams,
    acknowledged: names.default([]).describe('Names of policies whose effect is wanted.'),
  }),
  access: (params, identity) => [
    ...recordAccess(identity, 'write'),
    ...assessAccess(params),
    ...calicoConfigAccess(params),
    ...calicoAccess({ hostEndpoints: ['list'], policies: ['list'], tiers: true }),
    ...undoAccess(identity, ['get']),
  ],
});
