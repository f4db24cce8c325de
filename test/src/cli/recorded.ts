import type { Io } from '../../../src/cli/io.ts';
import type { KubeObject } from '../../../src/kube/cluster.ts';
import { beginRun, emptyRecord, freezeRun, noteStep, type Approval, type RunRecord } from '../../../src/plan/record.ts';

export const running = beginRun(emptyRecord('calico'), { plan: 'aaaaaaaa', from: 'v3.13.4', to: 'v3.32.1', startedAt: '2026-01-01T00:00:00Z', startVersion: 'v3.13.4' });

export const frozen = freezeRun(running, { reason: 'n1 is not ready', at: '2026-01-01T01:00:00Z', workload: 'kube-system/calico-node', strategy: {} });

export const waiting = noteStep(running, 'calico-unprotect', { outcome: 'blocked', message: 'the policy stays', next: 'hookwave approve calico', at: '2026-01-01T02:00:00Z', plan: 'aaaaaaaa' });

/** The ConfigMap of a run record. */
export function recorded(record: RunRecord, approvals: readonly Approval[] = [], namespace = 'hookwave-calico'): KubeObject {
  const labels = { 'app.kubernetes.io/managed-by': 'hookwave', 'hookwave.dev/upgrade': record.upgrade };
  const data = { 'record.json': JSON.stringify(record), 'approvals.json': JSON.stringify(approvals) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `hookwave-${record.upgrade}`, namespace, labels }, data } as KubeObject;
}

/** The tracked marker, which has the record's labels. */
export function marker(namespace = 'hookwave-calico'): KubeObject {
  const labels = { 'app.kubernetes.io/managed-by': 'hookwave', 'hookwave.dev/upgrade': 'calico' };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hookwave-calico-plan', namespace, labels }, data: { plan: 'aaaaaaaa' } } as KubeObject;
}

export function collectingIo(): Io & { text: string } {
  const io = { text: '', interactive: false, out: (text: string) => void (io.text += text), err: () => undefined };
  return io;
}
