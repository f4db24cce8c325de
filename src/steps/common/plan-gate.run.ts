import { type Approval, retryApproval, type Run } from '../../plan/record.ts';
import type { StepResult, StepRun, UpgradeIdentity } from '../step.ts';
import type { planGate } from './plan-gate.ts';

interface Releases {
  readonly from: string;
  readonly to: string;
}

export const runPlanGate: StepRun<typeof planGate.params> = async (wish, { identity, record }) => {
  const { record: { run }, approvals } = await record.read();
  if (!run || run.state === 'done') return { outcome: 'already', message: 'no other upgrade stands in the way' };
  return run.plan === identity.plan ? samePlan(run, approvals, identity) : otherPlan(run, wish, identity);
};

function samePlan(run: Run, approvals: readonly Approval[], { upgrade, plan }: UpgradeIdentity): StepResult {
  const { freeze } = run;
  if (run.state !== 'frozen') return { outcome: 'already', message: `plan ${plan} goes on` };
  const approved = retryApproval(run, approvals, plan);
  if (approved) return { outcome: 'already', message: `plan ${plan} is frozen, and ${approved.by} approved another try at ${approved.at}` };
  return {
    outcome: 'failed',
    exitCode: 10,
    message: freeze ? `plan ${plan} is frozen since ${freeze.at} at ${freeze.workload}: ${freeze.reason}` : `plan ${plan} is frozen`,
    next: `commit a fix, or run \`hookwave approve ${upgrade} --retry\``,
  };
}

/** A revert goes back to where the run began; a fixed plan has the same goal; an onward plan begins where the run began. */
function otherPlan(run: Run, wish: Releases, { upgrade }: UpgradeIdentity): StepResult {
  const kind = run.from === wish.to ? 'reverts' : run.to === wish.to ? 'mends' : run.from === wish.from ? 'replaces' : undefined;
  const unfinished = `plan ${run.plan} from ${run.from} to ${run.to}`;
  if (kind) return { outcome: 'already', message: `this plan ${kind} the unfinished ${unfinished}` };
  return {
    outcome: 'failed',
    exitCode: 10,
    message: `the upgrade ${unfinished} is ${run.state === 'frozen' ? 'frozen' : 'unfinished'}, and this plan goes from ${wish.from} to ${wish.to}`,
    next: `finish it with a commit that goes to ${run.to}, or go back with one that goes to ${run.from}; \`hookwave status ${upgrade}\` shows how it stands`,
  };
}
