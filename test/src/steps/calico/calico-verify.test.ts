import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/kube/cluster.ts';
import { ApiUnavailable } from '../../../../src/kube/errors.ts';
import { beginRun, emptyRecord, finishRun, freezeRun, type RunRecord } from '../../../../src/plan/record.ts';
import { calicoVerify } from '../../../../src/steps/calico/calico-verify.ts';
import { runCalicoVerify } from '../../../../src/steps/calico/calico-verify.run.ts';
import type { StepResult } from '../../../../src/steps/step.ts';
import { fakeCluster } from '../../../fake-cluster.ts';
import { fakeContext, manualClock, memoryRecord, turn } from '../../../fake-context.ts';
import { CRASHING, clusterInformation, daemonSet, deployment, install, pod } from '../../calico/objects.ts';

const PARAMS = calicoVerify.params.parse({ from: 'v3.13.4', to: 'v3.32.1', deployments: ['calico-kube-controllers'], stableSeconds: 30, timeoutSeconds: 600 });
const START = Date.UTC(2026, 0, 1);
const RUN = { plan: 'aaaaaaaa', from: 'v3.13.4', to: 'v3.32.1', startedAt: '2026-01-01T00:00:00Z', startVersion: 'v3.13.4' };
const OPEN = beginRun(emptyRecord('calico'), RUN);
const GOOD = install('v3.32.1');

function start(objects: readonly KubeObject[], record: RunRecord = OPEN, params: object = {}) {
  const cluster = fakeCluster(objects);
  const context = fakeContext(cluster, { clock: manualClock(START), record: memoryRecord('calico', record) });
  let result: StepResult | undefined;
  const ended = runCalicoVerify({ ...PARAMS, ...params }, context).then((end) => (result = end));
  ended.catch(() => {});
  return { cluster, context, ended, result: () => result };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

function but(...changed: readonly KubeObject[]): readonly KubeObject[] {
  const keys = new Set(changed.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
  return [...GOOD.filter(({ kind, metadata }) => !keys.has(`${kind}/${metadata.name}`)), ...changed];
}

test('two good looks, thirty seconds apart, end the run', async () => {
  const { cluster, context, ended, result } = start(GOOD);
  await settle();
  await context.clock.advance(29_000);
  expect(result()).toBeUndefined();
  await context.clock.advance(1_000);
  expect((await ended).outcome).toBe('done');
  expect(context.record.record.run).toMatchObject({ state: 'done', finishedAt: '2026-01-01T00:00:30.000Z' });
  expect(cluster.writes).toEqual([]);
  expect(cluster.watchers).toBe(0);
});

test('a version that flips back between the looks starts them anew', async () => {
  const { cluster, context, ended, result } = start(GOOD);
  await settle();
  cluster.put(clusterInformation('v3.13.4'));
  await context.clock.advance(30_000);
  await settle();
  expect(result()).toBeUndefined();
  cluster.put(clusterInformation('v3.32.1'));
  await context.clock.advance(5_000);
  await settle();
  await context.clock.advance(30_000);
  expect((await ended).outcome).toBe('done');
});

test('looks again with the change it waits for', async () => {
  const { cluster, context, ended } = start(but(deployment('calico-kube-controllers', 'v3.32.1', 0)));
  await settle();
  cluster.put(deployment('calico-kube-controllers', 'v3.32.1'));
  await settle();
  await context.clock.advance(30_000);
  expect((await ended).outcome).toBe('done');
  expect(context.record.record.run?.finishedAt).toBe('2026-01-01T00:00:30.000Z');
});

test('a release alias in ClusterInformation counts', async () => {
  const { context, ended } = start(install('v3.24.5'), OPEN, { to: 'v3.24.6' });
  await settle();
  await context.clock.advance(30_000);
  expect((await ended).outcome).toBe('done');
});

describe('a verified plan', () => {
  const done = finishRun(OPEN, '2026-01-01T01:00:00Z');

  test('that still holds needs no second look and no write', async () => {
    const { context, ended } = start(GOOD, done);
    expect((await ended).outcome).toBe('already');
    expect(context.record.changes).toBe(0);
  });

  test('that no longer holds is verified again', async () => {
    const { context, ended } = start(but(daemonSet({ version: 'v3.32.1', available: 1 })), done);
    await settle();
    await context.clock.advance(600_000);
    expect((await ended).outcome).toBe('failed');
  });
});

test('a plan whose hooks were skipped ends as a run of its own', async () => {
  const { context, ended } = start(GOOD, finishRun(beginRun(emptyRecord('calico'), { ...RUN, plan: 'bbbbbbbb', to: 'v3.13.4' }), 'x'));
  await settle();
  await context.clock.advance(30_000);
  expect((await ended).outcome).toBe('done');
  expect(context.record.record.run).toMatchObject({ plan: 'aaaaaaaa', state: 'done', startVersion: 'v3.13.4' });
  expect(context.record.record.history).toHaveLength(1);
});

describe('at the timeout it fails, names everything that is missing, and leaves the run open', () => {
  test.each([
    ['a Pod that crashes', but(daemonSet({ version: 'v3.32.1', available: 1 }), pod('b', { version: 'v3.32.1', container: CRASHING })), ['DaemonSet calico-node is stuck', 'Pod b on node-b: container calico-node: CrashLoopBackOff', '  | out of luck']],
    ['a Pod of the old image', but(pod('b', { version: 'v3.13.4' })), ['1 of 2 Pods on v3.32.1']],
    ['an old Deployment', but(deployment('calico-kube-controllers', 'v3.13.4')), ['Deployment calico-kube-controllers is not-applied']],
    ['no Deployment', GOOD.filter(({ kind }) => kind !== 'Deployment'), ['Deployment calico-kube-controllers does not exist']],
    ['the old version in ClusterInformation', but(clusterInformation('v3.13.4')), ['ClusterInformation says v3.13.4, not v3.32.1']],
    ['OnDelete', but(daemonSet({ version: 'v3.32.1', updated: 0, strategy: 'OnDelete' })), ['is on-delete']],
    ['no Pod wanted', but(daemonSet({ version: 'v3.32.1', desired: 0 })), ['is never-scheduled']],
    ['nothing', [], ['the DaemonSet does not exist', 'ClusterInformation says nothing']],
  ])('%s', async (_what, objects, parts) => {
    const { cluster, context, ended, result } = start(objects);
    cluster.podLogs.set('kube-system/b/calico-node', 'out of luck');
    await settle();
    for (let second = 0; second < 600 && !result(); second += 5) await context.clock.advance(5_000);
    const end = await ended;
    expect(end).toMatchObject({ outcome: 'failed', exitCode: 30 });
    for (const part of parts) expect(end.message).toContain(part);
    expect(context.record.record.run?.state).toBe('running');
  });
});

test('a frozen rollout fails at once', async () => {
  const frozen = freezeRun(OPEN, { reason: 'no route', at: 'x', workload: 'kube-system/calico-node', strategy: null });
  const { ended } = start(but(daemonSet({ version: 'v3.32.1', updated: 1, strategy: 'OnDelete' })), frozen);
  expect(await ended).toMatchObject({ exitCode: 30, message: expect.stringContaining('no route') });
});

test('a cluster that does not answer is passed on as such, for a retry', async () => {
  const cluster = fakeCluster(GOOD);
  const context = fakeContext({ ...cluster, groups: () => Promise.reject(new ApiUnavailable('connection refused')) }, { clock: manualClock(START) });
  await expect(runCalicoVerify(PARAMS, context)).rejects.toBeInstanceOf(ApiUnavailable);
});
