import { describeTrouble, type PodTrouble } from '../../calico/pod-reasons.ts';
import type { StepContext } from '../step.ts';

/** Limits keep the run record small: it is a ConfigMap. */
const PODS_MAXIMUM = 3;
const LOG_LINES = 20;
const LOG_CHARACTERS = 1200;

/** The Pods in the way, each in one line with its last log lines below. Never fails: logs that can't be had are left out. */
export async function diagnose({ cluster }: StepContext, namespace: string, troubles: readonly PodTrouble[]): Promise<string> {
  const shown = await Promise.all(troubles.slice(0, PODS_MAXIMUM).map((trouble) => describeWithLog(cluster, namespace, trouble)));
  const more = troubles.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more Pods`] : [])].join('\n');
}

/** `text`, and below it the Pods in the way, if there are any. */
export async function withDiagnosis(text: string, context: StepContext, namespace: string, troubles: readonly PodTrouble[]): Promise<string> {
  const diagnosis = await diagnose(context, namespace, troubles);
  return diagnosis === '' ? text : `${text}\n${diagnosis}`;
}

async function describeWithLog(cluster: StepContext['cluster'], namespace: string, trouble: PodTrouble): Promise<string> {
  const log = await lastLines(cluster, namespace, trouble);
  return log === '' ? describeTrouble(trouble) : `${describeTrouble(trouble)}\n${indent(log)}`;
}

/** Of the run before, when the container waits for its next one. */
async function lastLines(cluster: StepContext['cluster'], namespace: string, { pod, container, reason }: PodTrouble): Promise<string> {
  if (container === undefined) return '';
  try {
    const log = await cluster.logs(namespace, pod, { container, tailLines: LOG_LINES, previous: reason === 'CrashLoopBackOff' });
    return log.trimEnd().slice(-LOG_CHARACTERS);
  } catch {
    return '';
  }
}

function indent(text: string): string {
  return text.split('\n').map((line) => `  | ${line}`).join('\n');
}
