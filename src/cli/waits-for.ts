import type { FoundRecord } from '../kube/find-records.ts';
import type { Run } from '../plan/record.ts';

/** What somebody has to do so that an upgrade goes on. */
export function waitsFor({ upgrade, record, approvals }: FoundRecord): readonly string[] {
  const { run, steps } = record;
  const approved = (what: 'cleanup' | 'retry', plan: string, after = ''): boolean => approvals.some((one) => one.what === what && one.plan === plan && (after === '' || Date.parse(one.at) > Date.parse(after)));
  const retry = run ? retryOf(run, upgrade, approved('retry', run.plan, run.freeze?.at)) : [];
  const blocked = Object.entries(steps)
    .filter(([, step]) => step.outcome === 'blocked')
    .map(([name, step]) => (approved('cleanup', step.plan) ? `the next sync: the cleanup is approved (${name})` : `${step.next ?? step.message} (${name})`));
  return [...retry, ...blocked];
}

function retryOf(run: Run, upgrade: string, approved: boolean): readonly string[] {
  if (run.state !== 'frozen') return [];
  return [approved ? `the next sync: another try of plan ${run.plan} is approved` : `a commit with a fix, or \`hookwave approve ${upgrade} --retry\``];
}
