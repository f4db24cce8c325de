import { describe, expect, test } from 'vitest';
import { describeTrouble, podTrouble } from '../../../src/calico/pod-reasons.ts';
import type { ContainerStatus, Pod } from '../../../src/calico/workloads.ts';
import { CRASHING, pod } from './objects.ts';

function waiting(name: string, reason: string, message = ''): ContainerStatus {
  return { name, ready: false, state: { waiting: { reason, message } } };
}

function withStatus(status: Pod['status']): Pod {
  return { ...pod('a'), status } as Pod;
}

test('a ready Pod has no trouble', () => {
  expect(podTrouble(pod('a'))).toBeUndefined();
});

describe('each reason is told apart', () => {
  test.each([
    ['a crashing container', pod('a', { container: CRASHING }), { container: 'calico-node', reason: 'CrashLoopBackOff', hard: true }],
    ['an image that cannot be pulled', pod('a', { container: waiting('calico-node', 'ImagePullBackOff', 'not found') }), { reason: 'ImagePullBackOff', message: 'not found', hard: true }],
    ['a container that is being created', pod('a', { container: waiting('calico-node', 'ContainerCreating') }), { reason: 'ContainerCreating', hard: false }],
    ['a failing readiness probe', pod('a', { container: { ready: false } }), { container: 'calico-node', reason: 'NotReady', hard: false }],
    ['a failing init container', pod('a', { init: waiting('install-cni', 'CrashLoopBackOff') }), { container: 'install-cni', reason: 'CrashLoopBackOff', hard: true }],
    ['a running init container', pod('a', { init: { name: 'install-cni', state: { running: {} } } }), { container: 'install-cni', reason: 'InitRunning', hard: false }],
    ['a guard that holds', pod('a', { init: { name: 'hookwave-guard', state: { running: {} } } }), { container: 'hookwave-guard', reason: 'HeldByGuard', hard: false }],
    ['an ended container', pod('a', { container: { ready: false, state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } } }), { reason: 'OOMKilled', message: 'exit code 137, OOMKilled' }],
    ['no room', withStatus({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }] }), { reason: 'Unschedulable', message: '0/3 nodes', hard: true }],
    ['an eviction', withStatus({ phase: 'Failed', reason: 'Evicted', message: 'disk pressure' }), { reason: 'Evicted', message: 'disk pressure', hard: true }],
    ['a deletion', { ...pod('a'), metadata: { ...pod('a').metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }, { reason: 'Terminating', hard: false }],
    ['no status yet', withStatus(undefined), { reason: 'Pending', hard: false }],
  ])('%s', (_what, one, expected) => {
    expect(podTrouble(one)).toMatchObject(expected);
  });

  test('a sidecar among the init containers runs on without being in the way', () => {
    const base = pod('a', { init: { name: 'sidecar', ready: true, state: { running: {} } } });
    const sidecar = { ...base, spec: { ...base.spec, initContainers: [{ name: 'sidecar', restartPolicy: 'Always' }] }, status: { ...base.status, conditions: [{ type: 'Ready', status: 'True' }] } };
    expect(podTrouble(sidecar)).toBeUndefined();
  });
});

test('one line names Pod, node, container, reason and message', () => {
  expect(describeTrouble({ pod: 'calico-node-x', node: 'n1', container: 'install-cni', reason: 'ErrImagePull', message: 'denied', hard: true })).toBe('Pod calico-node-x on n1: container install-cni: ErrImagePull: denied');
});
