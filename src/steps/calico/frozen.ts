import type { Approval, Freeze, RunRecord } from '../../plan/record.ts';

/**
 * The freeze that forbids this plan to go on: recorded under it, and no `hookwave approve --retry` came after it.
 * Another plan is free to go on.
 */
export function standingFreeze({ run }: RunRecord, approvals: readonly Approval[], plan: string): Freeze | undefined {
  if (run?.plan !== plan || run.state !== 'frozen' || !run.freeze) return undefined;
  const { freeze } = run;
  const approved = approvals.some((approval) => approval.what === 'retry' && approval.plan === plan && Date.parse(approval.at) > Date.parse(freeze.at));
  return approved ? undefined : freeze;
}
