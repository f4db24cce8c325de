import { openCalico, type CalicoApi } from '../../calico/calico-api.ts';
import { findLeftover, remains, StillNeeded, unprotect, type Uncovered } from '../../calico/unprotection.ts';
import { TEMPORARY_POLICY } from '../../calico/temporary-policy.ts';
import { undoName } from '../../calico/undo-name.ts';
import { approvalFor } from '../../plan/record.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import type { calicoUnprotect } from './calico-unprotect.ts';
import { noApiResult } from './protect-results.ts';

type Params = Parameters<StepRun<typeof calicoUnprotect.params>>[0];

export const runCalicoUnprotect: StepRun<typeof calicoUnprotect.params> = async (params, context) => {
  const { api, datastore } = await openCalico(context.cluster, { namespace: params.namespace, reader: params.to });
  if (!api) return datastore.is === 'none' ? { outcome: 'already', message: `nothing to clean up: ${datastore.reason}` } : noApiResult(datastore);
  const left = await findLeftover(context, api);
  const remaining = remains(left);
  if (remaining === 'nothing') return { outcome: 'already', message: 'no temporary policy and no label of this upgrade is left' };
  if (remaining === 'notes') return clean(params, context, api);
  const gates = [...(await closedGates(params, context)), ...coverGates(uncoveredOf(left.uncovered, params), context)];
  if (gates.length > 0) return blocked(gates);
  return clean(params, context, api);
};

async function closedGates({ approved }: Params, { record, identity }: StepContext): Promise<readonly string[]> {
  const { record: { run }, approvals } = await record.read();
  if (run?.plan !== identity.plan || run.state !== 'done') return ['the verification: this upgrade is not verified yet'];
  if (approved === identity.plan || approvalFor(approvals, 'cleanup', identity.plan)) return [];
  return [`approval: run \`hookwave approve ${identity.upgrade}\`, or set spec.cleanup.approved to ${identity.plan}`];
}

function uncoveredOf(uncovered: readonly Uncovered[], { overrides }: Params): readonly Uncovered[] {
  return uncovered.filter(({ endpoint }) => !overrides.includes(endpoint));
}

function coverGates(uncovered: readonly Uncovered[], { report }: Pick<StepContext, 'report'>): readonly string[] {
  for (const { endpoint, directions } of uncovered) report.event('endpoint-uncovered', `nothing else allows ${directions.join(' and ')} of HostEndpoint ${endpoint}`, { endpoint, directions });
  if (uncovered.length === 0) return [];
  const names = uncovered.map(({ endpoint, directions }) => `${endpoint} (${directions.join(', ')})`).join(', ');
  return [`cover: give each of these host endpoints a GlobalNetworkPolicy that selects it and allows what it needs, or a profile, or name it in spec.cleanup.uncovered: ${names}`];
}

function blocked(gates: readonly string[]): StepResult {
  return { outcome: 'blocked', message: `GlobalNetworkPolicy ${TEMPORARY_POLICY} still allows all traffic of the labelled host endpoints`, on: gates.join('; '), exitCode: 0 };
}

async function clean(params: Params, context: StepContext, api: CalicoApi): Promise<StepResult> {
  try {
    await unprotect(context, api, params.overrides);
  } catch (error) {
    if (error instanceof StillNeeded) return blocked(coverGates(error.uncovered, context));
    throw error;
  }
  return { outcome: 'done', message: `GlobalNetworkPolicy ${TEMPORARY_POLICY} and its labels are gone; ConfigMap ${undoName(context.identity)} keeps them for kubectl apply` };
}
