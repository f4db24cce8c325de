import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/kube/cluster.ts';
import type { DaemonSet } from '../../../../src/calico/workloads.ts';
import { ApiError, ApiUnavailable } from '../../../../src/kube/errors.ts';
import { beginRun, emptyRecord, finishRun, freezeRun, type RunRecord } from '../../../../src/plan/record.ts';
import { calicoRolloutWatch } from '../../../../src/steps/calico/calico-rollout-watch.ts';
import { runCalicoRolloutWatch } from '../../../../src/steps/calico/calico-rollout-watch.run.ts';
import type { StepResult } from '../../../../src/steps/step.ts';
import { fakeCluster, type FakeCluster } from '../../../fake-cluster.ts';
import { fakeContext, manualClock, memoryRecord, turn, type MemoryRecord } from '../../../fake-context.ts';
import { CRASHING, clusterInformation, daemonSet, install, pod } from '../../calico/objects.ts';

const PARAMS = calicoRolloutWatch.params.parse({ from: 'v3.13.4', to: 'v3.32.1', rolloutSeconds: 3600, stallSeconds: 600, settleSeconds: 120 });
const START = Date.UTC(2026, 0, 1);
const RUN = { plan: 'aaaaaaaa', from: 'v3.13.4', to: 'v3.32.1', startedAt: '2026-01-01T00:00:00Z', startVersion: 'v3.13.4' };
const OPEN = beginRun(emptyRecord('calico'), RUN);
const ROLLING = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } };
const FREEZE = { reason: 'the reason of before', at: '2026-01-01T00:30:00Z', workload: 'kube-system/calico-node', strategy: ROLLING };

/** One Pod new and crashing, one old. */
const STUCK = [daemonSet({ version: 'v3.32.1', updated: 1, available: 1 }), pod('a', { version: 'v3.32.1', container: CRASHING }), pod('b'), clusterInformation('v3.32.1')];

function job(startTime: string): KubeObject {
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'runner', namespace: 'hookwave-calico' }, status: { startTime } } as KubeObject;
}

function start(objects: readonly KubeObject[], record: RunRecord | MemoryRecord = OPEN, signal = new AbortController().signal) {
  const cluster = fakeCluster(objects);
  const store = 'read' in record ? record : memoryRecord('calico', record);
  const context = fakeContext(cluster, { clock: manualClock(START), record: store, signal });
  let result: StepResult | undefined;
  const ended = runCalicoRolloutWatch(PARAMS, context).then((end) => (result = end));
  ended.catch(() => {});
  return { cluster, context, ended, result: () => result };
}

function strategyOf(cluster: FakeCluster): unknown {
  return cluster.find<DaemonSet>('DaemonSet', 'calico-node', 'kube-system').spec.updateStrategy;
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

describe('an end that is good', () => {
  test('nothing is due: already, without a write', async () => {
    const done = finishRun(OPEN, '2026-01-01T01:00:00Z');
    const { cluster, context, ended } = start(install('v3.32.1'), done);
    expect(await ended).toMatchObject({ outcome: 'already' });
    expect(cluster.writes).toEqual([]);
    expect(context.record.record).toBe(done);
  });

  test('ends with the change that completes the rollout, without any time passing', async () => {
    const { cluster, ended, result } = start([...install('v3.13.4').slice(3), daemonSet({ version: 'v3.32.1', updated: 0 }), pod('a'), pod('b')]);
    await settle();
    cluster.put(pod('a', { version: 'v3.32.1' }));
    cluster.put(pod('b', { version: 'v3.32.1' }));
    await settle();
    expect(result()).toBeUndefined();
    cluster.put({ ...cluster.find('DaemonSet', 'calico-node', 'kube-system'), status: daemonSet({ version: 'v3.32.1' }).status } as DaemonSet);
    expect(await ended).toMatchObject({ outcome: 'done', message: expect.stringContaining('2 of 2 updated') });
    expect(cluster.watchers).toBe(0);
    expect(cluster.writes).toEqual([]);
  });

  test('waits for an apply that comes after it', async () => {
    const { cluster, ended, context } = start(install('v3.13.4'));
    await settle();
    await context.clock.advance(100_000);
    for (const object of install('v3.32.1')) cluster.put(object);
    expect((await ended).outcome).toBe('done');
  });

  test('waits for a DaemonSet that is created after it', async () => {
    const { cluster, ended } = start([], emptyRecord('calico'));
    await settle();
    for (const object of install('v3.32.1')) cluster.put(object);
    expect((await ended).outcome).toBe('done');
  });

  test('opens the run where no step before has, with the version of the start', async () => {
    const mixed = [daemonSet({ version: 'v3.32.1', updated: 1 }), pod('a', { version: 'v3.32.1' }), pod('b'), clusterInformation('v3.32.1')];
    const { context } = start(mixed, emptyRecord('calico'));
    await settle();
    expect(context.record.record.run).toMatchObject({ plan: 'aaaaaaaa', state: 'running', from: 'v3.13.4', to: 'v3.32.1', startVersion: 'v3.13.4' });
  });

  test('takes its mark off a DaemonSet that an apply has set going again', async () => {
    const marked = daemonSet({ version: 'v3.32.1', annotations: { 'hookwave.dev/frozen-by': 'bbbbbbbb' } });
    const { cluster, ended } = start([...install('v3.32.1').slice(1), marked]);
    expect((await ended).outcome).toBe('done');
    expect(cluster.find('DaemonSet', 'calico-node', 'kube-system').metadata.annotations).toEqual({});
  });

  test('takes its mark off although the DaemonSet moves meanwhile', async () => {
    const marked = daemonSet({ version: 'v3.32.1', annotations: { 'hookwave.dev/frozen-by': 'bbbbbbbb' } });
    const { cluster, ended } = start([...install('v3.32.1').slice(1), marked]);
    let conflicts = 0;
    cluster.onWrite = ({ kind }) => {
      if (kind === 'DaemonSet' && conflicts++ === 0) throw new ApiError(409, 'Conflict', 'moved');
    };
    expect((await ended).outcome).toBe('done');
    expect(conflicts).toBe(2);
    expect(cluster.find('DaemonSet', 'calico-node', 'kube-system').metadata.annotations).toEqual({});
  });
});

describe('a container of the old release that an apply has left in the template', () => {
  const params = { ...PARAMS, containers: ['calico-node'] };
  const note = (version: string) => JSON.stringify({ kind: 'DaemonSet', metadata: { name: 'calico-node' }, spec: { template: { spec: { initContainers: [{ name: 'mount-bpffs' }], containers: [{ name: 'calico-node', image: version }] } } } });
  const adopted = (version: string): DaemonSet => {
    const own = daemonSet({ version, annotations: { 'kubectl.kubernetes.io/last-applied-configuration': note('v3.13.4') } });
    return { ...own, spec: { ...own.spec, template: { ...own.spec.template, spec: { ...own.spec.template.spec, initContainers: [{ name: 'mount-bpffs', image: 'calico/node:v3.13.4' }] } } } };
  };
  const watch = (objects: readonly KubeObject[]) => {
    const cluster = fakeCluster(objects);
    const context = fakeContext(cluster, { clock: manualClock(START), record: memoryRecord('calico', OPEN) });
    const ended = runCalicoRolloutWatch(params, context);
    ended.catch(() => {});
    return { cluster, context, ended };
  };

  test('is taken out of it, and said', async () => {
    const { cluster, context } = watch([adopted('v3.32.1'), pod('a', { version: 'v3.32.1', container: CRASHING }), pod('b'), clusterInformation('v3.32.1')]);
    await settle();
    expect(cluster.find<DaemonSet>('DaemonSet', 'calico-node', 'kube-system').spec.template.spec.initContainers).toEqual([]);
    expect(context.report.events.find(({ event }) => event === 'leftovers-dropped')?.message).toContain('mount-bpffs');
  });

  test('is no end of the rollout: not where the DaemonSet moves meanwhile, and not before the Pods without it are out', async () => {
    const { cluster, context, ended } = watch([adopted('v3.32.1'), ...install('v3.32.1').slice(1)]);
    let [tries, over] = [0, false];
    void ended.then(() => (over = true));
    cluster.onWrite = ({ kind }) => {
      if (kind === 'DaemonSet' && tries++ === 0) throw new ApiError(409, 'Conflict', 'moved');
    };
    const updated = (updatedNumberScheduled: number): void => {
      const { status, ...rest } = cluster.find<DaemonSet>('DaemonSet', 'calico-node', 'kube-system');
      cluster.put({ ...rest, status: { ...status, updatedNumberScheduled } });
    };
    cluster.afterWrite = ({ kind }) => {
      if (kind === 'DaemonSet') updated(1);
    };
    await settle();
    expect([tries, over]).toEqual([1, false]);
    await context.clock.advance(1000);
    await settle();
    expect([tries, over]).toEqual([2, false]);
    expect(cluster.find<DaemonSet>('DaemonSet', 'calico-node', 'kube-system').spec.template.spec.initContainers).toEqual([]);
    updated(2);
    expect((await ended).outcome).toBe('done');
  });

  test('is the release itself before the apply, and left alone', async () => {
    const { cluster } = watch([adopted('v3.13.4'), ...install('v3.13.4').filter(({ kind }) => kind !== 'DaemonSet')]);
    await settle();
    expect(cluster.writes).toEqual([]);
  });
});

describe('a rollout that cannot go on', () => {
  test('is frozen after the stall time: reason and original strategy in the record, then the strategy, then the failure', async () => {
    const { cluster, context, ended } = start(STUCK);
    cluster.podLogs.set('kube-system/a/calico-node', 'starting\nno route to datastore\n');
    await settle();
    await context.clock.advance(600_000);
    expect(await ended).toMatchObject({ outcome: 'failed', exitCode: 30, message: expect.stringContaining('no progress for 600 s'), next: expect.stringContaining('approve calico --retry') });
    expect(strategyOf(cluster)).toEqual({ type: 'OnDelete' });
    expect(cluster.find('DaemonSet', 'calico-node', 'kube-system').metadata.annotations).toEqual({ 'hookwave.dev/frozen-by': 'aaaaaaaa' });
    const { run } = context.record.record;
    expect(run).toMatchObject({ state: 'frozen', freeze: { workload: 'kube-system/calico-node', strategy: ROLLING } });
    expect(run?.freeze?.reason).toContain('Pod a on node-a: container calico-node: CrashLoopBackOff');
    expect(run?.freeze?.reason).toContain('  | no route to datastore');
  });

  test('leaves the fields of the freeze to nobody, so that the next server-side apply has no conflict', async () => {
    const managed = [{ manager: 'helm', operation: 'Apply' }, { manager: 'hookwave', operation: 'Update' }, { manager: 'kube-controller-manager', operation: 'Update' }];
    const owned = daemonSet({ version: 'v3.32.1', updated: 1, available: 1 });
    const { cluster, context, ended } = start([{ ...owned, metadata: { ...owned.metadata, managedFields: managed } }, ...STUCK.slice(1)]);
    await settle();
    await context.clock.advance(600_000);
    await ended;
    const { metadata } = cluster.find('DaemonSet', 'calico-node', 'kube-system');
    expect(metadata.managedFields?.map(({ manager }) => manager)).toEqual(['helm', 'kube-controller-manager']);
  });

  test('is frozen at the deadline even while it makes progress', async () => {
    const { cluster, context, result } = start(STUCK);
    await settle();
    for (let time = 0; time < 3_600_000; time += 500_000) {
      expect(result()).toBeUndefined();
      cluster.put(pod(`churn-${time}`, { version: 'v3.32.1' }));
      await context.clock.advance(500_000);
      await settle();
    }
    expect(result()).toMatchObject({ exitCode: 30, message: expect.stringContaining('deadline') });
  });

  test('a replaced Pod gains no time: the deadline counts from the start of the Job', async () => {
    const { cluster, ended } = start([...STUCK, job('2025-12-31T23:00:00Z')]);
    expect(await ended).toMatchObject({ exitCode: 30, message: expect.stringContaining('deadline') });
    expect(strategyOf(cluster)).toEqual({ type: 'OnDelete' });
  });

  test('a node whose clock is ahead of the control plane does not find the deadline over', async () => {
    const { cluster, context, ended, result } = start([...STUCK, job('2025-12-31T23:00:00Z')]);
    cluster.ahead = -3_600_000;
    await settle();
    expect(result()).toBeUndefined();
    expect(strategyOf(cluster)).not.toEqual({ type: 'OnDelete' });
    await context.clock.advance(3_700_000);
    expect(await ended).toMatchObject({ exitCode: 30 });
  });

  test('an interruption does not freeze it', async () => {
    const stop = new AbortController();
    const { cluster, context, ended } = start(STUCK, OPEN, stop.signal);
    await settle();
    stop.abort(new Error('SIGTERM'));
    await expect(ended).rejects.toThrow('SIGTERM');
    expect(cluster.writes).toEqual([]);
    expect(context.record.record.run?.state).toBe('running');
    expect(cluster.watchers).toBe(0);
  });

  test('status updates in between do not prevent the freeze', async () => {
    const { cluster, context, ended } = start(STUCK);
    let conflicts = 0;
    cluster.onWrite = ({ verb }) => {
      if (verb === 'patch' && conflicts++ < 3) throw new ApiError(409, 'Conflict', 'modified');
    };
    await settle();
    await context.clock.advance(600_000);
    expect(await ended).toMatchObject({ exitCode: 30 });
    expect(conflicts).toBe(4);
    expect(strategyOf(cluster)).toEqual({ type: 'OnDelete' });
  });

  test('is left alone when another plan has taken over meanwhile', async () => {
    const { cluster, context, ended } = start(STUCK);
    await settle();
    context.record.record = beginRun(context.record.record, { ...RUN, plan: 'bbbbbbbb' });
    await context.clock.advance(600_000);
    expect(await ended).toMatchObject({ exitCode: 30, message: expect.stringContaining('another plan has taken over') });
    expect(strategyOf(cluster)).toEqual(ROLLING);
    expect(context.record.record.run).toMatchObject({ plan: 'bbbbbbbb', state: 'running' });
  });
});

async function expectSameEnd(cluster: FakeCluster, record: RunRecord): Promise<void> {
  const context = fakeContext(cluster, { clock: manualClock(START + 1000), record: memoryRecord('calico', record) });
  const result = await runCalicoRolloutWatch(PARAMS, context);
  expect(result).toMatchObject({ outcome: 'failed', exitCode: 30, message: expect.stringContaining('is frozen') });
  expect(strategyOf(cluster)).toEqual({ type: 'OnDelete' });
  expect(context.record.record.run).toMatchObject({ state: 'frozen', freeze: { strategy: ROLLING, reason: expect.stringContaining('CrashLoopBackOff') } });
}

describe('killed after every write of the freeze, the next Pod ends in the same state', () => {
  const late = [...STUCK, job('2025-12-31T23:00:00Z')];

  test.each(['before', 'after'] as const)('%s the write of the record', async (when) => {
    const record = memoryRecord('calico', OPEN);
    // The run is open already: the first update that would write is the freeze.
    const update = async (change: (current: RunRecord) => RunRecord): Promise<RunRecord> => {
      if (change(record.record) === record.record) return record.record;
      if (when === 'after') await record.update(change);
      throw new Error('killed');
    };
    const { cluster, ended } = start(late, { ...record, update });
    await expect(ended).rejects.toThrow('killed');
    expect(strategyOf(cluster)).toEqual(ROLLING);
    await expectSameEnd(cluster, record.record);
  });

  test.each(['onWrite', 'afterWrite'] as const)('%s of the DaemonSet', async (hook) => {
    const { cluster, context, ended } = start(late);
    cluster[hook] = () => {
      throw new Error('killed');
    };
    await expect(ended).rejects.toThrow('killed');
    cluster[hook] = undefined;
    expect(context.record.record.run?.state).toBe('frozen');
    await expectSameEnd(cluster, context.record.record);
  });
});

describe('a plan that was frozen', () => {
  const frozen = freezeRun(OPEN, FREEZE);

  test('fails at once with the reason of before and keeps the freeze', async () => {
    const { cluster, context, ended } = start([...STUCK.slice(1), daemonSet({ version: 'v3.32.1', updated: 1, strategy: 'OnDelete' })], frozen);
    expect(await ended).toMatchObject({ exitCode: 30, message: expect.stringContaining('the reason of before') });
    expect(cluster.writes).toEqual([]);
    expect(context.record.record).toBe(frozen);
  });

  test('goes on after an approval that is younger than the freeze, not after an older one', async () => {
    for (const [at, outcome] of [['2026-01-01T00:31:00Z', 'done'], ['2026-01-01T00:29:00Z', 'failed']] as const) {
      const record = memoryRecord('calico', frozen);
      record.approvals.push({ what: 'retry', plan: 'aaaaaaaa', by: 'me', at });
      const { ended } = start(install('v3.32.1'), record);
      expect((await ended).outcome).toBe(outcome);
    }
  });

  test('does not bind another plan', async () => {
    const { context, ended } = start(install('v3.32.1'), freezeRun(beginRun(emptyRecord('calico'), { ...RUN, plan: 'bbbbbbbb' }), FREEZE));
    expect((await ended).outcome).toBe('done');
    expect(context.record.record.run).toMatchObject({ plan: 'aaaaaaaa', state: 'running' });
    expect(context.record.record.history[0]).toMatchObject({ plan: 'bbbbbbbb', state: 'frozen' });
  });
});

describe('a plan that is done, and another image of the guard', () => {
  const done = finishRun(OPEN, '2026-01-01T01:00:00Z');
  const rest = [pod('a', { version: 'v3.32.1' }), pod('b', { version: 'v3.32.1' }), clusterInformation('v3.32.1')];

  test('is watched to its end; the run stays done, so that the guard lets Pods start', async () => {
    const { cluster, context, ended, result } = start([daemonSet({ version: 'v3.32.1', updated: 1 }), ...rest], done);
    await settle();
    expect(result()).toBeUndefined();
    cluster.put(daemonSet({ version: 'v3.32.1' }));
    expect(await ended).toMatchObject({ outcome: 'done' });
    expect(cluster.writes).toEqual([]);
    expect(context.record.record).toBe(done);
  });

  test('is frozen when it stands still, with the run still done', async () => {
    const { cluster, context, ended } = start([daemonSet({ version: 'v3.32.1', updated: 1, available: 1 }), pod('a', { version: 'v3.32.1', container: CRASHING }), ...rest.slice(1)], done);
    await settle();
    await context.clock.advance(600_000);
    expect(await ended).toMatchObject({ exitCode: 30, message: expect.stringContaining('is frozen: no progress for 600 s'), next: 'commit a corrected spec, or mend the cause and sync again' });
    expect(strategyOf(cluster)).toEqual({ type: 'OnDelete' });
    expect(context.record.record).toBe(done);
  });

  test('is watched until its last Pod is ready, too', async () => {
    const { cluster, context, ended } = start([daemonSet({ version: 'v3.32.1', updated: 1 }), ...rest], done);
    await settle();
    cluster.put(pod('b', { version: 'v3.32.1', container: CRASHING }));
    cluster.put(daemonSet({ version: 'v3.32.1', available: 1 }));
    await settle();
    await context.clock.advance(600_000);
    expect(await ended).toMatchObject({ exitCode: 30, message: expect.stringContaining('Pod b on node-b') });
    expect(strategyOf(cluster)).toEqual({ type: 'OnDelete' });
  });

  test('where no run was recorded it is an upgrade under way: a run is opened, and frozen', async () => {
    const { cluster, context, ended } = start([daemonSet({ version: 'v3.32.1', updated: 1 }), ...rest, job('2025-12-31T23:00:00Z')], emptyRecord('calico'));
    expect(await ended).toMatchObject({ exitCode: 30 });
    expect(strategyOf(cluster)).toEqual({ type: 'OnDelete' });
    expect(context.record.record.run).toMatchObject({ plan: 'aaaaaaaa', state: 'frozen' });
  });

  test('the mark of a freeze goes also where the rollout is over before anybody looks', async () => {
    const { cluster, ended } = start([daemonSet({ version: 'v3.32.1', annotations: { 'hookwave.dev/frozen-by': 'aaaaaaaa' } }), ...rest], done);
    expect(await ended).toMatchObject({ outcome: 'done' });
    expect(cluster.find('DaemonSet', 'calico-node', 'kube-system').metadata.annotations).toEqual({});
  });

  test.each([
    ['a Pod that is down', daemonSet({ version: 'v3.32.1', available: 1 })],
    ['a strategy that replaces nothing', daemonSet({ version: 'v3.32.1', updated: 0, strategy: 'OnDelete' })],
  ])('%s is none: already', async (_what, found) => {
    const { cluster, ended } = start([found, ...rest], done);
    expect(await ended).toMatchObject({ outcome: 'already' });
    expect(cluster.writes).toEqual([]);
  });

  test('a node that joins ends the watch as soon as it has its Pod', async () => {
    const { cluster, ended } = start([daemonSet({ version: 'v3.32.1', desired: 3, scheduled: 2, updated: 2, available: 2 }), pod('c', { version: 'v3.32.1', container: { ready: false } }), ...rest], done);
    await settle();
    cluster.put(daemonSet({ version: 'v3.32.1', desired: 3, updated: 3, available: 2 }));
    expect(await ended).toMatchObject({ outcome: 'done' });
  });
});

describe('an error beside the watch', () => {
  const refusing = (error: Error, signal?: AbortSignal) => {
    const one = start([...STUCK, hostEndpoint('first')], OPEN, signal);
    one.cluster.onWrite = ({ kind }) => {
      if (kind === 'HostEndpoint') throw error;
    };
    return one;
  };

  test('that no other run mends stops the rollout: nobody would watch it any more', async () => {
    const { cluster, context, ended } = refusing(new ApiError(400, 'BadRequest', 'admission webhook "endpoints.example.com" denied the request'));
    expect(await ended).toMatchObject({ exitCode: 30, message: expect.stringContaining("it can't be watched over: admission webhook") });
    expect(strategyOf(cluster)).toEqual({ type: 'OnDelete' });
    expect(context.record.record.run).toMatchObject({ state: 'frozen' });
  });

  const DENIED = new ApiError(403, 'Forbidden', 'clusterrole not found');

  test('a denial stops it half a minute later', async () => {
    const { cluster, context, ended } = refusing(DENIED);
    await settle();
    expect(strategyOf(cluster)).toEqual(ROLLING);
    await context.clock.advance(30_000);
    expect(await ended).toMatchObject({ exitCode: 30, message: expect.stringContaining('clusterrole not found') });
    expect(strategyOf(cluster)).toEqual({ type: 'OnDelete' });
  });

  test('a denial stops nothing where the Pod is taken away then: a new run takes its rights first', async () => {
    const stop = new AbortController();
    const { cluster, context, ended } = refusing(DENIED, stop.signal);
    await settle();
    stop.abort(new Error('SIGTERM'));
    await expect(ended).rejects.toThrow('SIGTERM');
    expect(strategyOf(cluster)).toEqual(ROLLING);
    expect(context.record.record.run).toMatchObject({ state: 'running' });
  });

  test('stops nothing where the rollout is complete', async () => {
    const { cluster, context, ended } = start(install('v3.32.1'));
    void settle().then(() => context.clock.advance(30_000));
    const get = cluster.get.bind(cluster);
    cluster.get = (resource, name, namespace) => (resource.kind === 'ConfigMap' ? Promise.reject(new ApiError(403, 'Forbidden', 'may not read')) : get(resource, name, namespace));
    await expect(ended).rejects.toThrow('may not read');
    expect(strategyOf(cluster)).toEqual(ROLLING);
    expect(context.record.record.run).toMatchObject({ state: 'running' });
  });

  test('that passes leaves it alone, for the next Pod', async () => {
    const { cluster, ended } = refusing(new ApiUnavailable('down'));
    await expect(ended).rejects.toThrow('down');
    expect(strategyOf(cluster)).toEqual(ROLLING);
  });
});

describe('told apart from a stuck rollout, and not frozen', () => {
  test.each([
    ['a template that stays old', install('v3.13.4'), 'does not carry v3.32.1', 'has applied'],
    ['OnDelete that is not ours', [...STUCK.slice(1), daemonSet({ version: 'v3.32.1', updated: 0, strategy: 'OnDelete' })], 'OnDelete replaces no Pod', 'RollingUpdate'],
    ['a DaemonSet that no node wants', [daemonSet({ version: 'v3.32.1', desired: 0 }), clusterInformation('v3.13.4')], 'desired 0', 'node selector'],
    ['no DaemonSet', [], 'does not exist', 'has applied'],
  ] as const)('%s', async (_what, objects, message, next) => {
    const { cluster, context, ended } = start(objects);
    await settle();
    await context.clock.advance(120_000);
    expect(await ended).toMatchObject({ outcome: 'failed', exitCode: 30, message: expect.stringContaining(message), next: expect.stringContaining(next) });
    expect(cluster.writes).toEqual([]);
    expect(context.record.record.run?.state).toBe('running');
  });
});

function hostEndpoint(name: string, interfaceName = '*'): KubeObject {
  return { apiVersion: 'crd.projectcalico.org/v1', kind: 'HostEndpoint', metadata: { name }, spec: { node: 'n', interfaceName } } as KubeObject;
}

function labelsOf(cluster: FakeCluster, name: string): unknown {
  return cluster.find('HostEndpoint', name).metadata.labels;
}

describe('host endpoints that appear during the rollout', () => {
  test('get the temporary policy and its label at once, also where prepare was skipped', async () => {
    const { cluster } = start([...STUCK, hostEndpoint('first'), hostEndpoint('eth', 'eth0')]);
    await settle();
    expect(labelsOf(cluster, 'first')).toEqual({ 'host-endpoint-upgrade': '' });
    cluster.put(hostEndpoint('second'));
    await settle();
    expect(labelsOf(cluster, 'second')).toEqual({ 'host-endpoint-upgrade': '' });
    expect(labelsOf(cluster, 'eth')).toBeUndefined();
    expect(cluster.all('GlobalNetworkPolicy')).toHaveLength(1);
  });

  test('are left alone once the rollout has ended, and where v3.14 is not crossed', async () => {
    const { cluster, ended } = start(install('v3.32.1'));
    await ended;
    cluster.put(hostEndpoint('late'));
    await settle();
    expect(labelsOf(cluster, 'late')).toBeUndefined();
    expect(cluster.watchers).toBe(0);

    const context = fakeContext(fakeCluster([...install('v3.24.5'), hostEndpoint('any')]), { record: memoryRecord('calico', beginRun(emptyRecord('calico'), RUN)) });
    await runCalicoRolloutWatch({ ...PARAMS, from: 'v3.20.6', to: 'v3.24.5' }, context);
    expect((context.cluster as FakeCluster).writes).toEqual([]);
  });

  test('a foreign policy under the name is reported and does not end the watch', async () => {
    const foreign = { apiVersion: 'crd.projectcalico.org/v1', kind: 'GlobalNetworkPolicy', metadata: { name: 'default.allow-all-upgrade' }, spec: { selector: 'all()', types: ['Ingress'], ingress: [{ action: 'Deny' }] } };
    const { cluster, context, result } = start([...STUCK, hostEndpoint('first'), foreign]);
    await settle();
    expect(context.report.events.find(({ event }) => event === 'endpoints-unprotected')?.message).toContain('allow-all-upgrade');
    expect(result()).toBeUndefined();
    expect(labelsOf(cluster, 'first')).toBeUndefined();
  });
});
