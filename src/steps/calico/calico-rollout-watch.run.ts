import { assess, type Assessment } from '../../calico/assess.ts';
import { beside } from '../../kube/beside.ts';
import { openCalico } from '../../calico/calico-api.ts';
import { judgeLater } from '../../calico/rollout-verdict.ts';
import type { Rollout } from '../../calico/rollout.ts';
import type { Workload } from '../../calico/workloads.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import type { calicoRolloutWatch } from './calico-rollout-watch.ts';
import { withDiagnosis } from '../rollout/diagnosis.ts';
import { dropLeftovers } from './drop-leftovers.run.ts';
import { afterFreeze, freezeRollout, unmarkFreeze } from '../rollout/freeze.run.ts';
import { standingFreeze } from '../rollout/frozen.ts';
import { whyUnchanged } from './host-endpoint-change.ts';
import { keepProtecting } from './keep-protecting.run.ts';
import { openRun, startVersionOf } from '../rollout/open-run.ts';
import { type Decided, orFreeze, watchRollout, type Sight } from '../rollout/watch-rollout.run.ts';
import { workloadOf } from '../rollout/workload-params.ts';

type Params = Parameters<StepRun<typeof calicoRolloutWatch.params>>[0];

/** An interruption (the context's signal) leaves the rollout alone: the next Pod goes on watching. */
export const runCalicoRolloutWatch: StepRun<typeof calicoRolloutWatch.params> = async (params, context) => {
  const workload = workloadOf(params);
  const { plan } = context.identity;
  const { record, approvals } = await context.record.read();
  const standing = standingFreeze(record, approvals, plan);
  if (standing) return freeze(context, workload, standing.reason);

  const found = await assess(context.cluster, workload, { plan, from: params.from, to: params.to }, record);
  if (found.due === 'done' && !isRolling(found.rollout)) return { outcome: (await unmarkFreeze(context, workload, found.daemonSet)) ? 'done' : 'already', message: found.reason };
  const { verdict, rollout, daemonSet } = await orFreeze(params, context, () => (found.due === 'done' ? watchRollout(params, context, { judge: judgeLater() }) : watchUpgrade(params, context, found)));
  if (verdict.verdict === 'freeze') return freeze(context, workload, await withDiagnosis(verdict.reason, context, params.namespace, rollout?.troubles ?? []));
  if (verdict.verdict === 'fail') return failure(verdict.reason, rollout, workload);
  if (daemonSet) await unmarkFreeze(context, workload, daemonSet);
  return { outcome: 'done', message: `${params.to} is rolled out: ${rollout?.message ?? ''}` };
};

/** Pods are being replaced by others of the same release. No run is opened for that: what is unprotected once a plan is done is so on purpose. */
function isRolling({ state, upToDate }: Rollout): boolean {
  return !upToDate && (state === 'progressing' || state === 'stuck');
}

async function watchUpgrade(params: Params, context: StepContext, found: Assessment): Promise<Decided> {
  const { run } = await openRun(context, params, startVersionOf(found, params.to));
  const protecting = await protectionOf(params, context, found, run?.startVersion ?? params.from);
  const tend = (sight: Sight): Promise<boolean> => takeOutLeftovers(params, context, sight);
  return beside(protecting, context.signal, () => watchRollout(params, context, { tend }));
}

/** What goes on beside the watch: nothing, where the upgrade changes nothing for host endpoints. */
async function protectionOf(params: Params, context: StepContext, found: Assessment, startVersion: string): Promise<(signal: AbortSignal) => Promise<void>> {
  const isNeeded = whyUnchanged(params, found) === undefined;
  const { api } = isNeeded ? await openCalico(context.cluster, { namespace: params.namespace, reader: params.to, writer: startVersion }) : {};
  return api ? (signal) => keepProtecting(context, api, signal) : async () => {};
}

async function takeOutLeftovers(params: Params, context: StepContext, { daemonSet, rollout }: Sight): Promise<boolean> {
  return daemonSet && rollout?.templateOnTarget ? dropLeftovers(context, workloadOf(params), daemonSet, params.containers) : false;
}

async function freeze(context: StepContext, workload: Workload, reason: string): Promise<StepResult> {
  const name = `DaemonSet ${workload.namespace}/${workload.daemonset}`;
  const ours = await freezeRollout(context, workload, reason);
  if (!ours) {
    return { outcome: 'failed', exitCode: 30, message: `another plan has taken over; ${name} was left alone: ${reason}`, next: 'look at the newest sync' };
  }
  context.report.event('frozen', `${name} is frozen`, { workload: `${workload.namespace}/${workload.daemonset}` });
  return {
    outcome: 'failed',
    exitCode: 30,
    message: `the rollout of ${name} is frozen: ${reason}`,
    next: await afterFreeze(context),
  };
}

const NEXT: Readonly<Record<string, string>> = {
  'not-applied': 'look whether the sync has applied the DaemonSet, and whether a patch in the spec changes its image',
  'on-delete': 'set spec.updateStrategy of the DaemonSet to RollingUpdate, in the manifest or by a patch in the spec, then sync again',
  'never-scheduled': 'check the node selector of the DaemonSet and the nodes, then sync again',
};

function failure(reason: string, rollout: Rollout | undefined, { namespace, daemonset }: Workload): StepResult {
  const next = NEXT[rollout?.state ?? ''] ?? 'look whether the sync has applied the DaemonSet';
  return { outcome: 'failed', exitCode: 30, message: `DaemonSet ${namespace}/${daemonset}: ${reason}`, next };
}
