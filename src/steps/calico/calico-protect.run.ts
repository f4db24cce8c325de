import { assess, type Assessment } from '../../calico/assess.ts';
import { openCalico } from '../../calico/calico-api.ts';
import { listEndpoints } from '../../calico/denies.ts';
import { PolicyConflict, protectNewEndpoints, type Protected } from '../../calico/protection.ts';
import { TEMPORARY_POLICY } from '../../calico/temporary-policy.ts';
import type { RunRecord } from '../../plan/record.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import type { calicoProtect } from './calico-protect.ts';
import { standingFreeze } from '../rollout/frozen.ts';
import { whyUnchanged } from './host-endpoint-change.ts';
import { openRun, startVersionOf } from '../rollout/open-run.ts';
import { conflictResult, noApiResult } from './protect-results.ts';
import { workloadOf } from '../rollout/workload-params.ts';

type Params = Parameters<StepRun<typeof calicoProtect.params>>[0];

export const runCalicoProtect: StepRun<typeof calicoProtect.params> = async (params, context) => {
  const { record, approvals } = await context.record.read();
  const { plan } = context.identity;
  const found = await assess(context.cluster, workloadOf(params), { plan, from: params.from, to: params.to }, record);
  if (found.due === 'absent' || found.due === 'done') return { outcome: 'already', message: found.reason };
  if (found.due === 'partial') return { outcome: 'failed', exitCode: 10, message: found.reason, next: 'restore what is missing, or remove the rest of the old install' };
  const freeze = standingFreeze(record, approvals, plan);
  if (freeze) return frozen(freeze.reason, context);

  const opened = await open(params, context, found, record);
  const unchanged = whyUnchanged(params, found);
  if (unchanged !== undefined) return { outcome: opened.changed ? 'done' : 'already', message: `nothing to protect: ${unchanged}` };
  return protect(params, context, opened);
};

interface Opened {
  readonly record: RunRecord;
  readonly changed: boolean;
}

async function open(params: Params, context: StepContext, found: Assessment, record: RunRecord): Promise<Opened> {
  if (record.run?.plan === context.identity.plan && record.run.state === 'running') return { record, changed: false };
  return { record: await context.lock.hold(() => openRun(context, params, startVersionOf(found, params.to))), changed: true };
}

async function protect(params: Params, context: StepContext, { record, changed }: Opened): Promise<StepResult> {
  const { api, datastore } = await openCalico(context.cluster, { namespace: params.namespace, reader: params.to, writer: record.run?.startVersion ?? params.from });
  if (!api) return noApiResult(datastore);
  context.report.event('datastore', `${api.datastore.group}: ${datastore.reason}`, { group: api.datastore.group, through: api.datastore.through });
  try {
    const result = await protectNewEndpoints(context, api);
    for (const { endpoint, by } of result.covered) context.report.event('endpoint-covered', `HostEndpoint ${endpoint.name} needs no temporary policy`, { endpoint: endpoint.name, by });
    return { outcome: changed || result.changed ? 'done' : 'already', message: describe(result) };
  } catch (error) {
    if (error instanceof PolicyConflict) return conflictResult(error);
    throw error;
  }
}

function describe({ inNeed, covered }: Protected): string {
  if (inNeed.length > 0) return `GlobalNetworkPolicy ${TEMPORARY_POLICY} protects ${listEndpoints(inNeed.map(({ name }) => name))}`;
  if (covered.length === 0) return 'nothing to protect: there is no `*` host endpoint that somebody made by hand';
  return `nothing to protect: other policies or profiles cover ${listEndpoints(covered.map(({ endpoint }) => endpoint.name))}`;
}

function frozen(reason: string, { identity }: StepContext): StepResult {
  return {
    outcome: 'failed',
    exitCode: 10,
    message: `this plan was frozen: ${reason}`,
    next: `commit a corrected spec, or mend the cause and run \`hookwave approve ${identity.upgrade} --retry\``,
  };
}
