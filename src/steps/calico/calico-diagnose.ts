import { z } from 'zod';
import { defineStep } from '../step.ts';
import { assessAccess, logAccess, recordAccess, workloadParams } from './workload-params.ts';

/** The failure path: it notes, it never fails and it changes nothing but the run record. */
export const calicoDiagnose = defineStep({
  name: 'calico-diagnose',
  summary: 'Notes the state of the rollout, the reasons of its Pods and their last log lines in the run record.',
  params: z.object(workloadParams),
  access: (params, identity) => [...recordAccess(identity, ['get', 'update']), ...assessAccess(params), ...logAccess(params)],
});
