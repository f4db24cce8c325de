import * as z from 'zod';
import { lockAccess, recordAccess } from '../common/access.ts';
import { defineStep } from '../step.ts';
import { calicoConfigAccess, protectAccess } from './calico-access.ts';
import { assessAccess, workloadParams } from '../rollout/workload-params.ts';

/** Opens the run, and protects what the new release would cut off. */
export const calicoProtect = defineStep({
  name: 'calico-protect',
  summary: 'Opens the run; where v3.14 is crossed, labels unprotected `*` host endpoints and lets a temporary policy log and allow their traffic.',
  params: z.object(workloadParams),
  access: (params, identity) => [
    ...recordAccess(identity, 'write'),
    ...lockAccess(identity),
    ...assessAccess(params),
    ...calicoConfigAccess(params),
    ...protectAccess(identity),
  ],
});
