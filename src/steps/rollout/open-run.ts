import type { Assessment } from '../../calico/assess.ts';
import { beginRun, type RunRecord } from '../../plan/record.ts';
import type { StepContext } from '../step.ts';

interface Wish {
  readonly from: string;
  readonly to: string;
  readonly namespace: string;
  readonly daemonset: string;
}

/** Opens the run of this plan where no step before has done so; an open run stays as it is. */
export function openRun({ record, identity, clock }: StepContext, { from, to, namespace, daemonset }: Wish, startVersion: string): Promise<RunRecord> {
  const run = { plan: identity.plan, from, to, workload: `${namespace}/${daemonset}`, startedAt: new Date(clock.now()).toISOString(), startVersion };
  return record.update((current) => (current.run?.plan === identity.plan && current.run.state === 'running' ? current : beginRun(current, run)));
}

/** The release that runs when the run is opened; of a fresh install, the release that it installs. */
export function startVersionOf(found: Assessment, to: string): string {
  return found.due === 'absent' || found.due === 'partial' ? to : (found.oldest ?? found.clusterVersion ?? to);
}
