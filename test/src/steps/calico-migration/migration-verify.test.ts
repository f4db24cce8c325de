import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/kube/cluster.ts';
import { beginRun, emptyRecord, finishRun, freezeRun, type RunRecord } from '../../../../src/plan/record.ts';
import { migrationVerify } from '../../../../src/steps/calico-migration/migration-verify.ts';
import { prove } from '../../../../src/steps/calico-migration/migration-verify.run.ts';
import type { StepResult } from '../../../../src/steps/step.ts';
import { fakeCluster } from '../../../fake-cluster.ts';
import { fakeContext, manualClock, memoryRecord, turn } from '../../../fake-context.ts';
import { CRASHING, daemonSet, deployment, pod } from '../../calico/objects.ts';
import { fakeMigration, type FakeMigration } from './fake-migration.ts';

const PARAMS = migrationVerify.params.parse({ from: 'v2.6.12', to: 'v3.1.7', deployments: ['calico-kube-controllers'], stableSeconds: 30, timeoutSeconds: 600 });
const START = Date.UTC(2026, 0, 1);
const OPEN = beginRun(emptyRecord('calico'), { plan: 'aaaaaaaa', from: 'v2.6.12', to: 'v3.1.7', startedAt: '2026-01-01T00:00:00Z', startVersion: 'v2.6.12' });
/** The controllers have releases of their own. */
const GOOD = [daemonSet({ version: 'v3.1.7' }), pod('a', { version: 'v3.1.7' }), pod('b', { version: 'v3.1.7' }), deployment('calico-kube-controllers', 'v3.1.5')];

function start(migration: FakeMigration, { objects = GOOD, record = OPEN, params = {} }: { readonly objects?: readonly KubeObject[]; readonly record?: RunRecord; readonly params?: object } = {}) {
  const cluster = fakeCluster(objects);
  const context = fakeContext(cluster, { clock: manualClock(START), record: memoryRecord('calico', record) });
  let result: StepResult | undefined;
  const ended = prove({ ...PARAMS, ...params }, context, migration).then((end) => (result = end));
  ended.catch(() => {});
  return { cluster, context, ended, result: () => result };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

test('two good looks, thirty seconds apart, end the run', async () => {
  const { cluster, context, ended, result } = start(fakeMigration('complete'));
  await settle();
  await context.clock.advance(29_000);
  expect(result()).toBeUndefined();
  await context.clock.advance(1_000);
  expect(await ended).toEqual({ outcome: 'done', message: 'the migration is complete and everything runs v3.1.7, on two looks 30 s apart' });
  expect(context.record.record.run).toMatchObject({ state: 'done', finishedAt: '2026-01-01T00:00:30.000Z' });
  expect(cluster.writes).toEqual([]);
});

test('etcd is looked at every three seconds, and what is waited for is said once', async () => {
  const migration = fakeMigration('migrated');
  const { context, ended } = start(migration);
  await settle();
  await context.clock.advance(3_000);
  await settle();
  migration.phase = 'complete';
  await context.clock.advance(3_000);
  await settle();
  await context.clock.advance(30_000);
  expect((await ended).outcome).toBe('done');
  expect(context.record.record.run?.finishedAt).toBe('2026-01-01T00:00:36.000Z');
  expect(context.report.events.map(({ event, message }) => [event, message])).toEqual([['waits', 'the migration is migrated, not complete']]);
});

test('what the watch of the rollout has frozen is not waited for', async () => {
  const record = freezeRun(OPEN, { reason: 'no route', at: 'x', workload: 'kube-system/calico-node', strategy: null });
  const { context, ended } = start(fakeMigration('migrated'), { record });
  expect(await ended).toMatchObject({ exitCode: 30, message: 'the rollout was frozen: no route\nthe migration is migrated, not complete' });
  expect(context.clock.now()).toBe(START);
});

test('at the timeout it names all that is missing, with the Pods in the way, and leaves the run open', async () => {
  const objects = [daemonSet({ version: 'v3.1.7', available: 1 }), pod('a', { version: 'v3.1.7' }), pod('b', { version: 'v3.1.7', container: CRASHING })];
  const { cluster, context, ended, result } = start(fakeMigration('complete'), { objects });
  cluster.podLogs.set('kube-system/b/calico-node', 'out of luck');
  await settle();
  for (let second = 0; second < 600 && !result(); second += 3) await context.clock.advance(3_000);
  const { message } = await ended;
  for (const part of ['DaemonSet calico-node is stuck', '\nDeployment calico-kube-controllers does not exist\n', 'Pod b on node-b: container calico-node: CrashLoopBackOff', '  | out of luck']) expect(message).toContain(part);
  expect(context.record.record.run?.state).toBe('running');
});

test('a plan that is done and still holds needs no second look and no write', async () => {
  const { context, ended } = start(fakeMigration('complete'), { record: finishRun(OPEN, 'x') });
  expect((await ended).outcome).toBe('already');
  expect(context.record.changes).toBe(0);
});

test('a plan whose hooks were skipped ends as a run of its own, which began with the old release', async () => {
  const record = finishRun({ ...OPEN, run: { ...OPEN.run!, plan: 'bbbbbbbb', to: 'v2.6.99' } }, 'x');
  const { context, ended } = start(fakeMigration('complete'), { record });
  await settle();
  await context.clock.advance(30_000);
  expect((await ended).outcome).toBe('done');
  expect(context.record.record.run).toMatchObject({ plan: 'aaaaaaaa', state: 'done', startVersion: 'v2.6.12' });
});

test('on the way back an aborted migration is what is proved', async () => {
  const { context, ended } = start(fakeMigration('aborted'), { params: { direction: 'abort' } });
  await settle();
  await context.clock.advance(30_000);
  expect((await ended).message).toContain('the migration is aborted and everything runs v3.1.7');
});
