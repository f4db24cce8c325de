import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/kube/cluster.ts';
import { ApiError } from '../../../../src/kube/errors.ts';
import { runOnceJobsClear } from '../../../../src/steps/common/once-jobs-clear.run.ts';
import { fakeCluster, type FakeCluster } from '../../../fake-cluster.ts';
import { fakeContext, manualClock } from '../../../fake-context.ts';

const NAMESPACE = 'hookwave-calico';

interface JobOptions {
  readonly plan?: string;
  readonly condition?: string;
  readonly upgrade?: string;
  readonly once?: string;
  readonly namespace?: string;
}

function job(name: string, { plan = 'aaaaaaaa', condition, upgrade = 'calico', once = 'true', namespace = NAMESPACE }: JobOptions = {}): KubeObject {
  const labels = { 'hookwave.dev/upgrade': upgrade, 'hookwave.dev/once': once, 'hookwave.dev/plan': plan };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace, labels }, status: { conditions: condition ? [{ type: condition, status: 'True' }] : [] } } as KubeObject;
}

const contextOf = (cluster: FakeCluster) => fakeContext(cluster, { clock: manualClock(0, 'auto') });
const names = (cluster: FakeCluster): readonly string[] => cluster.all('Job').map(({ metadata }) => metadata.name);

test('failed Jobs and those of other plans go; running and complete ones of this plan stay', async () => {
  const cluster = fakeCluster([job('running'), job('complete', { condition: 'Complete' }), job('failed', { condition: 'Failed' }), job('old', { plan: 'bbbbbbbb' })]);
  const context = contextOf(cluster);
  expect(await runOnceJobsClear({ prefix: '' }, context)).toEqual({ outcome: 'done', message: 'deleted Job failed, Job old' });
  expect(names(cluster)).toEqual(['complete', 'running']);
  expect(context.lock.held).toBe(1);
});

test('Jobs of others stay: another upgrade, another namespace, no once-Job, another prefix', async () => {
  const failed = { condition: 'Failed' };
  const cluster = fakeCluster([job('a-1', { ...failed, upgrade: 'openebs' }), job('a-2', { ...failed, namespace: 'other' }), job('a-3', { ...failed, once: 'false' }), job('b-4', failed)]);
  expect((await runOnceJobsClear({ prefix: 'a-' }, contextOf(cluster))).outcome).toBe('already');
  expect(names(cluster)).toHaveLength(4);
});

test('nothing to clear takes no Lease and writes nothing', async () => {
  const cluster = fakeCluster([job('running')]);
  const context = contextOf(cluster);
  expect((await runOnceJobsClear({ prefix: '' }, context)).outcome).toBe('already');
  expect([cluster.writes, context.lock.held]).toEqual([[], 0]);
});

test('killed after each write, the next run ends in the same state', async () => {
  const cluster = fakeCluster([job('f1', { condition: 'Failed' }), job('f2', { condition: 'Failed' })]);
  let kills = 2;
  cluster.afterWrite = () => {
    if (kills-- > 0) throw new Error('killed');
  };
  await expect(runOnceJobsClear({ prefix: '' }, contextOf(cluster))).rejects.toThrow('killed');
  await expect(runOnceJobsClear({ prefix: '' }, contextOf(cluster))).rejects.toThrow('killed');
  expect((await runOnceJobsClear({ prefix: '' }, contextOf(cluster))).outcome).toBe('already');
  expect(names(cluster)).toEqual([]);
});

test('a Job that does not go away is a transient failure', async () => {
  const cluster = fakeCluster([job('failed', { condition: 'Failed' })]);
  cluster.delete = async () => true;
  expect(await runOnceJobsClear({ prefix: '' }, contextOf(cluster))).toMatchObject({ outcome: 'failed', exitCode: 20, message: `Job failed in ${NAMESPACE} did not go away` });
});

test('a missing right is thrown', async () => {
  const cluster = fakeCluster([job('failed', { condition: 'Failed' })]);
  cluster.onWrite = () => {
    throw new ApiError(403, 'Forbidden', 'cannot delete jobs');
  };
  await expect(runOnceJobsClear({ prefix: '' }, contextOf(cluster))).rejects.toMatchObject({ status: 403 });
});
