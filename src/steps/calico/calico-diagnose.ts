import * as z from 'zod';
import { recordAccess } from '../common/access.ts';
import { defineStep } from '../step.ts';
import { assessAccess, logAccess, workloadParams } from '../rollout/workload-params.ts';

/** The failure path: it notes, it never fails and it changes nothing but the run record. */
export const calicoDiagnose = defineStep({
  name: 'calico-diagnose',
  summary: 'Notes the state of the rollout, the reasons of its Pods and their last log lines in the run record.',
  params: z.object(workloadParams),
  access: (params, identity) => [...recordAccess(identity, 'write'), ...assessAccess(params), ...logAccess(params)],
});
