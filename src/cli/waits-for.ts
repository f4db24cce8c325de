import type { FoundRecord } from '../kube/find-records.ts';
import { approvalFor, retryApproval } from '../plan/record.ts';

/** What somebody has to do so that an upgrade goes on. */
export function waitsFor({ upgrade, record: { run, steps }, approvals }: FoundRecord): readonly string[] {
  const retry = run?.state === 'frozen' ? [retryApproval(run, approvals, run.plan) ? `the next sync: another try of plan ${run.plan} is approved` : `a commit with a fix, or \`hookwave approve ${upgrade} --retry\``] : [];
  const blocked = Object.entries(steps)
    .filter(([, step]) => step.outcome === 'blocked')
    .map(([name, step]) => (approvalFor(approvals, 'cleanup', step.plan) ? `the next sync: the cleanup is approved (${name})` : `${step.next ?? step.message} (${name})`));
  return [...retry, ...blocked];
}
