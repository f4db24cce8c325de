import { gaps, type Gap } from '../../calico/proof.ts';
import { readEvidence } from '../../calico/read-evidence.ts';
import type { StepContext, StepRun } from '../step.ts';
import type { calicoVerify } from './calico-verify.ts';
import { endRun } from '../rollout/end-run.ts';
import { describeGaps, unproved, untilProved } from '../rollout/until-proved.run.ts';

type Params = Parameters<StepRun<typeof calicoVerify.params>>[0];

/** Pods and ClusterInformation move before the status of their workload does. Milliseconds. */
const LOOK_INTERVAL = 5000;

export const runCalicoVerify: StepRun<typeof calicoVerify.params> = async (params, context) => {
  const { plan } = context.identity;
  const { record } = await context.record.read();
  const missing = await look(params, context);
  if (record.run?.plan === plan && missing.length === 0 && record.run.state === 'done') {
    return { outcome: 'already', message: `this plan is done and everything runs ${params.to}` };
  }
  if (record.run?.plan === plan && missing.length > 0 && record.run.freeze) return unproved(`the rollout was frozen: ${record.run.freeze.reason}`);
  const left = await untilProved({ look: () => look(params, context), lookInterval: LOOK_INTERVAL }, params, context);
  if (left.length > 0) return unproved(await describeGaps(left, params, context));
  await context.record.update((current) => endRun(current, { ...params, startVersion: current.run?.to ?? params.from }, context));
  return { outcome: 'done', message: `everything runs ${params.to}, on two looks ${params.stableSeconds} s apart` };
};

async function look({ namespace, daemonset, container, deployments, to }: Params, { cluster }: StepContext): Promise<readonly Gap[]> {
  return gaps(await readEvidence(cluster, namespace, daemonset, deployments), { container, version: to });
}
