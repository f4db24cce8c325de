import { type Approval, type Freeze, retryApproval, type RunRecord } from '../../plan/record.ts';

/**
 * The freeze that forbids this plan to go on: recorded under it, and no `hookwave approve --retry` came after it.
 * Another plan is free to go on.
 */
export function standingFreeze({ run }: RunRecord, approvals: readonly Approval[], plan: string): Freeze | undefined {
  if (run?.plan !== plan || run.state !== 'frozen' || !run.freeze) return undefined;
  return retryApproval(run, approvals, plan) ? undefined : run.freeze;
}
