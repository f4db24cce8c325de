import type { Gap } from '../../calico/proof.ts';
import { withChanges } from '../../kube/with-changes.ts';
import { DAEMON_SETS, DEPLOYMENTS } from '../../kube/resources.ts';
import type { StepContext, StepResult } from '../step.ts';
import { changedOr } from './changed-or.ts';
import { withDiagnosis } from './diagnosis.ts';
import { jobStart } from './job-start.run.ts';

export interface Proof {
  /** What is not as it should be; empty when all is. */
  readonly look: () => Promise<readonly Gap[]>;
  /** Longest time between two looks, for what no watch of the workloads tells. Milliseconds. */
  readonly lookInterval: number;
}

interface Params {
  readonly namespace: string;
  readonly daemonset: string;
  readonly deployments: readonly string[];
  readonly stableSeconds: number;
  readonly timeoutSeconds: number;
}

/** Looks at every change of the workloads until two looks, `stableSeconds` apart, find no gap. @returns the gaps that are left at the timeout, or that are final */
export function untilProved(proof: Proof, params: Params, context: StepContext): Promise<readonly Gap[]> {
  const { namespace, daemonset, deployments } = params;
  const selections = [
    [DAEMON_SETS, { namespace, fields: `metadata.name=${daemonset}` }] as const,
    ...deployments.map((name) => [DEPLOYMENTS, { namespace, fields: `metadata.name=${name}` }] as const),
  ];
  return withChanges(context.cluster, selections, context.signal, (changes) => lookOn(changes, proof, params, context));
}

async function lookOn(changes: { next(): Promise<void> }, { look, lookInterval }: Proof, { stableSeconds, timeoutSeconds }: Params, context: StepContext): Promise<readonly Gap[]> {
  const { clock, signal, report } = context;
  const timeoutAt = (await jobStart(context)) + timeoutSeconds * 1000;
  for (let reported = ''; ; ) {
    const change = changes.next();
    const found = await look();
    if (found.length === 0) {
      await clock.sleep(stableSeconds * 1000, signal);
      const again = await look();
      if (again.length === 0) return [];
      if (clock.now() >= timeoutAt) return again;
      continue;
    }
    if (clock.now() >= timeoutAt || found.some(({ final }) => final)) return found;
    const text = found.map(({ message }) => message).join('; ');
    if (text !== reported) report.event('waits', text);
    reported = text;
    await changedOr(change, Math.min(lookInterval, timeoutAt - clock.now()), clock, signal);
  }
}

/** Each gap in a line, then the Pods in the way. */
export function describeGaps(left: readonly Gap[], { namespace }: Pick<Params, 'namespace'>, context: StepContext): Promise<string> {
  return withDiagnosis(left.map(({ message }) => message).join('\n'), context, namespace, left.flatMap(({ troubles }) => troubles));
}

export function unproved(message: string): StepResult {
  return { outcome: 'failed', exitCode: 30, message, next: 'mend what the message names and sync again, or commit a corrected spec' };
}
