import type { Failing } from '../kube/failing-pods.ts';
import type { Approval, Run, StepRecord } from '../plan/record.ts';
import type { UpgradeStatus } from './status.ts';

/** One upgrade for people; plain lines. */
export function statusText({ upgrade, namespace, record, approvals, waitsFor, failing, rollout }: UpgradeStatus): string {
  const steps = Object.entries(record.steps).sort(([, a], [, b]) => (a.at < b.at ? -1 : 1));
  return [
    `${upgrade} (${namespace}): ${runText(record.run)}`,
    ...freezeLines(record.run),
    ...section('waits for', waitsFor),
    ...section('steps', steps.flatMap(([name, step]) => stepLines(name, step, record.run))),
    ...section('approved', approvals.map(approvalText)),
    ...(rollout ? [`  now: DaemonSet ${rollout.workload}, ${rollout.summary}`, ...rollout.troubles.map((trouble) => `    ${trouble}`)] : []),
    ...section('failing now', failing.map(failingText)),
    ...(record.takeOvers > 0 ? [`  the Lease was taken over ${record.takeOvers} times`] : []),
  ].join('\n');
}

function runText(run: Run | undefined): string {
  if (!run) return 'no upgrade has begun';
  const ended = run.finishedAt ? `, finished ${run.finishedAt}` : '';
  return `${run.from} -> ${run.to}, ${run.state}, plan ${run.plan}, started ${run.startedAt}${ended}`;
}

function freezeLines(run: Run | undefined): readonly string[] {
  const { freeze } = run ?? {};
  return freeze ? [`  frozen since ${freeze.at}, DaemonSet ${freeze.workload}: ${freeze.reason}`] : [];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => `    ${line.replaceAll('\n', '\n      ')}`)];
}

/** A result of another plan, or a failure from before the end of the run, tells of the past. */
function stepLines(name: string, step: StepRecord, run: Run | undefined): readonly string[] {
  const isPast = step.plan !== run?.plan || (step.outcome === 'failed' && run.finishedAt !== undefined && step.at <= run.finishedAt);
  const when = isPast ? ` (earlier, ${step.at})` : '';
  return [`${step.outcome.padEnd(8)}${name}: ${step.message}${when}`, ...(step.next && !isPast ? [`        next: ${step.next}`] : [])];
}

function approvalText({ what, plan, by, at }: Approval): string {
  return `${what} of plan ${plan}, by ${by} at ${at}`;
}

function failingText({ object, container, reason, message }: Failing): string {
  return `${object}${container ? `, container ${container}` : ''}: ${reason}${message ? `: ${message.trim()}` : ''}`;
}
