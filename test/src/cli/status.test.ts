import { describe, expect, test } from 'vitest';
import { runStatus, type StatusOptions, type UpgradeStatus } from '../../../src/cli/status.ts';
import type { KubeObject } from '../../../src/kube/cluster.ts';
import { configMapRecord } from '../../../src/kube/config-map-record.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import { emptyRecord, finishRun, freezeRun, noteStep, type Approval } from '../../../src/plan/record.ts';
import { execute } from '../../../src/runner/execute.ts';
import { planGate } from '../../../src/steps/common/plan-gate.ts';
import { runPlanGate } from '../../../src/steps/common/plan-gate.run.ts';
import type { Step } from '../../../src/steps/step.ts';
import { fakeContext, manualClock } from '../../fake-context.ts';
import { fakeCluster, type FakeCluster } from '../../fake-cluster.ts';
import { daemonSet, pod } from '../calico/objects.ts';
import { collectingIo, frozen, marker, recorded, running, waiting } from './recorded.ts';

async function textOf(cluster: FakeCluster, options: StatusOptions = {}): Promise<string> {
  const io = collectingIo();
  await runStatus(options, io, cluster);
  expect(cluster.writes).toEqual([]);
  return io.text;
}

function hook(kind: 'Pod' | 'Job', name: string, status: object): KubeObject {
  return { apiVersion: kind === 'Pod' ? 'v1' : 'batch/v1', kind, metadata: { name, namespace: 'hookwave-calico', labels: { 'hookwave.dev/upgrade': 'calico' } }, status } as KubeObject;
}

describe('the run', () => {
  test('a frozen one shows its reason and what it waits for', async () => {
    expect(await textOf(fakeCluster([recorded(frozen), marker()]))).toBe(
      [
        'calico (hookwave-calico): v3.13.4 -> v3.32.1, frozen, plan aaaaaaaa, started 2026-01-01T00:00:00Z',
        '  frozen since 2026-01-01T01:00:00Z, DaemonSet kube-system/calico-node: n1 is not ready',
        '  waits for:',
        '    a commit with a fix, or `hookwave approve calico --retry`',
        '',
      ].join('\n'),
    );
  });

  test('steps show their outcome, and what to do next', async () => {
    expect(await textOf(fakeCluster([recorded(waiting)]))).toContain('  steps:\n    blocked calico-unprotect: the policy stays\n            next: hookwave approve calico\n');
  });

  test('an approval that is newer than the freeze changes what it waits for; an older one does not', async () => {
    expect(await textOf(fakeCluster([recorded(frozen, [retry('2026-01-01T02:00:00Z')])]))).toMatch(/the next sync: another try of plan aaaaaaaa is approved[^]*retry of plan aaaaaaaa, by ann/);
    expect(await textOf(fakeCluster([recorded(frozen, [retry('2026-01-01T00:30:00Z')])]))).toContain('waits for:\n    a commit with a fix');
  });

  test('an approval that names the freeze counts whatever the clock of its machine says, and one of an earlier freeze does not', async () => {
    const behind: Approval = { ...retry('2026-01-01T00:30:00Z'), freeze: '2026-01-01T01:00:00Z' };
    expect(await textOf(fakeCluster([recorded(frozen, [behind])]))).toContain('waits for:\n    the next sync: another try of plan aaaaaaaa is approved');
    const again = freezeRun(running, { ...frozen.run!.freeze!, at: '2026-01-01T03:00:00Z' });
    const ahead: Approval = { ...behind, at: '2026-01-01T04:00:00Z' };
    expect(await textOf(fakeCluster([recorded(again, [ahead])]))).toContain('waits for:\n    a commit with a fix, or `hookwave approve calico --retry`');
  });

  test('a failure from before the end of the run, or of another plan, is told as the past', async () => {
    const failed = { outcome: 'failed', message: 'stuck', next: 'do it', at: '2026-01-01T01:00:00Z', plan: 'aaaaaaaa' } as const;
    const done = finishRun(noteStep(running, 'calico-verify', failed), '2026-01-01T03:00:00Z');
    const ofAnother = noteStep(running, 'calico-verify', { ...failed, plan: 'cccccccc' });
    for (const record of [done, ofAnother]) {
      const text = await textOf(fakeCluster([recorded(record)]));
      expect(text).toContain('calico-verify: stuck (earlier, 2026-01-01T01:00:00Z)');
      expect(text).not.toContain('do it');
    }
    expect(await textOf(fakeCluster([recorded(noteStep(running, 'calico-verify', failed))]))).toContain('next: do it');
  });
});

test('once another try is approved and its gate has let it through, no failure of the gate is told any more', async () => {
  const cluster = fakeCluster([recorded(frozen), marker()]);
  const clock = manualClock(Date.UTC(2026, 0, 1, 2));
  const context = fakeContext(cluster, { clock, record: configMapRecord({ cluster, clock, identity: { upgrade: 'calico', namespace: 'hookwave-calico' }, signal: new AbortController().signal }) });
  const gate = () => execute({ step: { definition: planGate, run: runPlanGate } as unknown as Step, params: { from: 'v3.13.4', to: 'v3.32.1' }, context });
  const shown = async (): Promise<string> => {
    const io = collectingIo();
    await runStatus({}, io, cluster);
    return io.text;
  };

  expect((await gate()).exitCode).toBe(10);
  expect(await shown()).toMatch(/failed {2}plan-gate: plan aaaaaaaa is frozen[^]*next: commit a fix, or run `hookwave approve calico --retry`/);
  await context.record.approve({ ...retry('2026-01-01T02:00:00Z'), freeze: '2026-01-01T01:00:00Z' });
  expect((await gate()).exitCode).toBe(0);
  expect(await shown()).not.toMatch(/failed|next:/);
  expect(await shown()).toContain('already plan-gate: plan aaaaaaaa is frozen, and ann approved another try at 2026-01-01T02:00:00Z');

  const writes = cluster.writes.length;
  expect((await gate()).exitCode).toBe(0);
  expect(cluster.writes.length).toBe(writes);
});

describe('the live view', () => {
  test('of an unfinished run shows the rollout as it is, also when nobody waits for it any more', async () => {
    const record = { ...running, run: { ...running.run!, workload: 'kube-system/calico-node' } };
    const notReady = pod('a', { version: 'v3.32.1', container: { ready: false } });
    const text = await textOf(fakeCluster([recorded(record), daemonSet({ version: 'v3.32.1', updated: 1, available: 1 }), notReady, pod('b')]));
    expect(text).toContain('  now: DaemonSet kube-system/calico-node, 1 of 2 updated, 1 available\n    Pod a on node-a: container calico-node: NotReady: runs since');
    const done = finishRun(record, '2026-01-01T03:00:00Z');
    expect(await textOf(fakeCluster([recorded(done), notReady]))).not.toContain('now:');
  });

  test('says when the workload is gone, or may not be read', async () => {
    const record = { ...running, run: { ...running.run!, workload: 'kube-system/calico-node' } };
    expect(await textOf(fakeCluster([recorded(record)]))).toContain('now: DaemonSet kube-system/calico-node, does not exist');
    const cluster = fakeCluster([recorded(record)]);
    const get = cluster.get.bind(cluster);
    const refusing: FakeCluster = Object.assign(cluster, {
      get: (async (resource, name, namespace) => {
        if (resource.kind === 'DaemonSet') throw new ApiError(403, 'Forbidden', 'daemonsets is forbidden');
        return get(resource, name, namespace);
      }) satisfies FakeCluster['get'],
    });
    expect(await textOf(refusing)).toContain('DaemonSet kube-system/calico-node: unknown: ');
  });

  test('names container, reason and message of what fails now', async () => {
    const cluster = fakeCluster([
      recorded(running),
      hook('Job', 'hookwave-calico-verify', { conditions: [{ type: 'Failed', status: 'True', reason: 'PodFailurePolicy', message: 'exit code 30' }] }),
      hook('Pod', 'verify-1', {
        initContainerStatuses: [{ name: 'plan-gate', state: { terminated: { exitCode: 0 } } }, { name: 'calico-inspect', state: { terminated: { exitCode: 10, message: 'failed: partly installed\n' } } }],
        containerStatuses: [{ name: 'calico-drift', state: { waiting: { reason: 'PodInitializing' } } }],
      }),
      hook('Pod', 'prepare-1', { containerStatuses: [{ name: 'calico-protect', state: { waiting: { reason: 'ImagePullBackOff', message: 'not found' } } }] }),
      hook('Pod', 'lost-1', { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }] }),
    ]);
    expect((await textOf(cluster)).split('failing now:\n')[1]).toBe(
      [
        '    Job hookwave-calico/hookwave-calico-verify: PodFailurePolicy: exit code 30',
        '    Pod hookwave-calico/lost-1: Unschedulable: 0/3 nodes',
        '    Pod hookwave-calico/prepare-1, container calico-protect: ImagePullBackOff: not found',
        '    Pod hookwave-calico/verify-1, container calico-inspect: exit code 10: failed: partly installed',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['has succeeded: its failed try is over', 'Complete', 'True', ''],
    ['has not succeeded yet', 'Complete', 'False', '    Pod hookwave-calico/prepare-1, container once-jobs-clear: exit code 20: failed: no answer\n'],
    ['is about to fail', 'FailureTarget', 'True', '    Pod hookwave-calico/prepare-1, container once-jobs-clear: exit code 20: failed: no answer\n'],
  ])('of a Job that %s', async (_what, type, status, shown) => {
    const job = hook('Job', 'prepare', { conditions: [{ type, status }] });
    const failed = hook('Pod', 'prepare-1', { initContainerStatuses: [{ name: 'once-jobs-clear', state: { terminated: { exitCode: 20, message: 'failed: no answer\n' } } }] });
    const stray = hook('Pod', 'stray', { containerStatuses: [{ name: 'calico-verify', state: { terminated: { exitCode: 30 } } }] });
    const owned = { ...failed, metadata: { ...failed.metadata, ownerReferences: [{ kind: 'Job', name: 'prepare', uid: 'job-1' }] } };
    const text = await textOf(fakeCluster([recorded(running), { ...job, metadata: { ...job.metadata, uid: 'job-1' } }, owned, stray]));
    expect(text.split('failing now:\n')[1]).toBe(`${shown}    Pod hookwave-calico/stray, container calico-verify: exit code 30\n`);
  });

  test('somebody who may not read Pods still sees the record', async () => {
    const cluster = fakeCluster([recorded(running)]);
    const list = cluster.list.bind(cluster);
    cluster.list = (resource, selection) => (resource.kind === 'ConfigMap' ? list(resource, selection) : Promise.reject(new ApiError(403, 'Forbidden', 'cannot list pods')));
    expect(await textOf(cluster)).toMatch(/running[^]*unknown: cannot list pods/);
  });
});

describe('which upgrades', () => {
  test('all, one by name, or those of a namespace', async () => {
    expect((await textOf(both())).match(/^\w+ \(/gm)).toEqual(['calico (', 'openebs (']);
    expect((await textOf(both(), { name: 'openebs' })).match(/^\w+ \(/gm)).toEqual(['openebs (']);
    expect((await textOf(both(), { namespace: 'hookwave-calico' })).match(/^\w+ \(/gm)).toEqual(['calico (']);
  });

  test('an unknown name fails; nothing at all does not', async () => {
    await expect(textOf(both(), { name: 'magnum' })).rejects.toThrow('there is no run record of upgrade magnum');
    expect(await textOf(fakeCluster())).toBe('no upgrades found\n');
  });

  test('somebody who may not list all namespaces finds one by name', async () => {
    const cluster = fakeCluster([recorded(running)]);
    const list = cluster.list.bind(cluster);
    cluster.list = (resource, selection = {}) => (selection.namespace === undefined ? Promise.reject(new ApiError(403, 'Forbidden', 'cannot list')) : list(resource, selection));
    expect(await textOf(cluster, { name: 'calico' })).toContain('calico (hookwave-calico)');
    await expect(textOf(cluster)).rejects.toThrow('cannot list');
  });
});

test('json has the whole of it', async () => {
  const [status] = JSON.parse(await textOf(fakeCluster([recorded(waiting)]), { output: 'json' })) as UpgradeStatus[];
  expect(status).toEqual({ upgrade: 'calico', namespace: 'hookwave-calico', record: waiting, approvals: [], waitsFor: ['hookwave approve calico (calico-unprotect)'], failing: [] });
});

function retry(at: string): Approval {
  return { what: 'retry', plan: 'aaaaaaaa', by: 'ann', at };
}

function both(): FakeCluster {
  return fakeCluster([recorded(running), recorded(emptyRecord('openebs'), [], 'hookwave-openebs'), marker()]);
}
