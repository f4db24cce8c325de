import { gaps, type Gap } from '../../calico/proof.ts';
import { DAEMON_SETS, DEPLOYMENTS } from '../../kube/resources.ts';
import { beginRun, finishRun, type RunRecord } from '../../plan/record.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import type { calicoVerify } from './calico-verify.ts';
import { changedOr } from './changed-or.ts';
import { diagnose } from './diagnosis.ts';
import { jobStart } from './job-start.run.ts';
import { readEvidence } from '../../calico/read-evidence.ts';
import type { Bell } from '../../calico/bell.ts';
import { withChanges } from '../../calico/with-changes.ts';

type Params = Parameters<StepRun<typeof calicoVerify.params>>[0];

export const runCalicoVerify: StepRun<typeof calicoVerify.params> = async (params, context) => {
  const { plan } = context.identity;
  const { record } = await context.record.read();
  const missing = await look(params, context);
  if (record.run?.plan === plan && missing.length === 0 && record.run.state === 'done') {
    return { outcome: 'already', message: `this plan is done and everything runs ${params.to}` };
  }
  if (record.run?.plan === plan && missing.length > 0 && record.run.freeze) return failure(`the rollout was frozen: ${record.run.freeze.reason}`);
  const left = await withChanges(context.cluster, selectionsOf(params), context.signal, (changes) => untilProved(changes, params, context));
  if (left.length > 0) return failure(await describeGaps(left, params, context));
  await context.record.update((current) => finish(current, params, context));
  return { outcome: 'done', message: `everything runs ${params.to}, on two looks ${params.stableSeconds} s apart` };
};

async function look({ namespace, daemonset, container, deployments, to }: Params, { cluster }: StepContext): Promise<readonly Gap[]> {
  return gaps(await readEvidence(cluster, namespace, daemonset, deployments), { container, version: to });
}

function selectionsOf({ namespace, daemonset, deployments }: Params): Parameters<typeof withChanges>[1] {
  return [
    [DAEMON_SETS, { namespace, fields: `metadata.name=${daemonset}` }],
    ...deployments.map((name) => [DEPLOYMENTS, { namespace, fields: `metadata.name=${name}` }] as const),
  ];
}

/** What no watch here tells: Pods and ClusterInformation, which move before the status of their workload does. Milliseconds. */
const LOOK_INTERVAL = 5000;

/** Two looks without a gap, `stableSeconds` apart. @returns the gaps that are left at the timeout */
async function untilProved(changes: Pick<Bell, 'next'>, params: Params, context: StepContext): Promise<readonly Gap[]> {
  const { clock, signal, report } = context;
  const timeoutAt = (await jobStart(context)) + params.timeoutSeconds * 1000;
  for (let reported = ''; ; ) {
    const change = changes.next();
    const found = await look(params, context);
    if (found.length === 0) {
      await clock.sleep(params.stableSeconds * 1000, signal);
      const again = await look(params, context);
      if (again.length === 0) return [];
      if (clock.now() >= timeoutAt) return again;
      continue;
    }
    if (clock.now() >= timeoutAt) return found;
    const text = found.map(({ message }) => message).join('; ');
    if (text !== reported) report.event('waits', text);
    reported = text;
    await changedOr(change, Math.min(LOOK_INTERVAL, timeoutAt - clock.now()), clock, signal);
  }
}

/** Also a plan whose hooks were skipped ends as a run of its own. */
function finish(current: RunRecord, { from, to }: Params, { identity, clock }: StepContext): RunRecord {
  const at = new Date(clock.now()).toISOString();
  const open = current.run?.plan === identity.plan ? current : beginRun(current, { plan: identity.plan, from, to, startedAt: at, startVersion: current.run?.to ?? from });
  return finishRun(open, at);
}

async function describeGaps(left: readonly Gap[], { namespace }: Params, context: StepContext): Promise<string> {
  const diagnosis = await diagnose(context, namespace, left.flatMap(({ troubles }) => troubles));
  const lines = left.map(({ message }) => message).join('\n');
  return diagnosis === '' ? lines : `${lines}\n${diagnosis}`;
}

function failure(message: string): StepResult {
  return { outcome: 'failed', exitCode: 30, message, next: 'mend what the message names and sync again, or commit a corrected spec' };
}
