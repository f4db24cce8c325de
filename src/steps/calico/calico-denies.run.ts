import { assess } from '../../calico/assess.ts';
import { openCalico, type CalicoApi } from '../../calico/calico-api.ts';
import { awakenings, type Awakening } from '../../calico/denies.ts';
import { conflictingPolicy, PolicyConflict, protectionNeed } from '../../calico/protection.ts';
import { readUndo } from '../../calico/undo.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import type { calicoDenies } from './calico-denies.ts';
import { whyUnchanged } from './host-endpoint-change.ts';
import { conflictResult, noApiResult } from './protect-results.ts';
import { workloadOf } from '../rollout/workload-params.ts';

type Params = Parameters<StepRun<typeof calicoDenies.params>>[0];

export const runCalicoDenies: StepRun<typeof calicoDenies.params> = async (params, context) => {
  const { record } = await context.record.read();
  const found = await assess(context.cluster, workloadOf(params), { plan: context.identity.plan, from: params.from, to: params.to }, record);
  const unchanged = whyUnchanged(params, found);
  if (unchanged !== undefined) return { outcome: 'already', message: unchanged };
  if (found.due === 'partial') return { outcome: 'skipped', message: found.reason };
  const { api, datastore } = await openCalico(context.cluster, { namespace: params.namespace, reader: params.to });
  return api ? judge(params, context, api) : noApiResult(datastore);
};

async function judge(params: Params, { cluster, identity, report }: StepContext, api: CalicoApi): Promise<StepResult> {
  const [endpoints, policies, tiers, undo] = await Promise.all([api.hostEndpoints(), api.globalPolicies(), api.tiers(), readUndo(cluster, identity)]);
  const need = protectionNeed(endpoints, policies, tiers);
  const conflict = need.inNeed.length === 0 ? undefined : conflictingPolicy(need.temporary, undo, identity.upgrade);
  if (conflict) return conflictResult(new PolicyConflict(conflict));
  const awake = awakenings(endpoints, policies, tiers);
  for (const { sentence, ...fields } of awake) report.event('policy-awakes', sentence, fields);
  const open = awake.filter(({ policy }) => !isAcknowledged(policy, params.acknowledged));
  if (open.length > 0) return unacknowledged(open);
  if (awake.length > 0) return { outcome: 'done', message: `acknowledged: ${namesOf(awake).join(', ')}` };
  return { outcome: 'done', message: 'no policy begins to drop traffic of `*` host endpoints' };
}

/** With or without the prefix that older releases put before the name. */
function isAcknowledged(policy: string, acknowledged: readonly string[]): boolean {
  return acknowledged.some((name) => name === policy || name === `default.${policy}`);
}

function namesOf(awake: readonly Awakening[]): readonly string[] {
  return [...new Set(awake.map(({ policy }) => policy))];
}

function unacknowledged(open: readonly Awakening[]): StepResult {
  return {
    outcome: 'failed',
    exitCode: 10,
    message: `policies that had no effect on \`*\` host endpoints before v3.14 come alive:\n${open.map(({ sentence }) => `- ${sentence}`).join('\n')}`,
    next: `change or delete these policies, or, where this is wanted, add to spec.hostEndpoints.acknowledgeDenies: ${namesOf(open).join(', ')}`,
  };
}
