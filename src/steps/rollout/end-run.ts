import { beginRun, finishRun, type RunRecord } from '../../plan/record.ts';
import type { StepContext } from '../step.ts';

interface Wish {
  readonly from: string;
  readonly to: string;
  /** Of a run that has not been opened. */
  readonly startVersion: string;
}

/** Ends the run of this plan. Also a plan whose hooks were skipped ends as a run of its own. */
export function endRun(current: RunRecord, { from, to, startVersion }: Wish, { identity, clock }: StepContext): RunRecord {
  const at = new Date(clock.now()).toISOString();
  const open = current.run?.plan === identity.plan ? current : beginRun(current, { plan: identity.plan, from, to, startedAt: at, startVersion });
  return finishRun(open, at);
}
