import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/kube/cluster.ts';
import { EtcdError } from '../../../../src/etcd/errors.ts';
import { beginRun, emptyRecord, finishRun } from '../../../../src/plan/record.ts';
import { migrationRollout } from '../../../../src/steps/calico-migration/migration-rollout.ts';
import { rollOut } from '../../../../src/steps/calico-migration/migration-rollout.run.ts';
import type { StepResult } from '../../../../src/steps/step.ts';
import { fakeCluster } from '../../../fake-cluster.ts';
import { fakeContext, manualClock, memoryRecord, turn } from '../../../fake-context.ts';
import { daemonSet, pod } from '../../calico/objects.ts';
import { fakeMigration, type FakeMigration } from './fake-migration.ts';

const PARAMS = migrationRollout.params.parse({ from: 'v2.6.12', to: 'v3.1.7', rolloutSeconds: 3600, stallSeconds: 900, settleSeconds: 300 });
const START = Date.UTC(2026, 0, 1);
/** Both new Pods run calico-node, none is ready. */
const STARTED = [daemonSet({ version: 'v3.1.7', available: 0 }), running('a'), running('b')];
const WAITING = [daemonSet({ version: 'v3.1.7', available: 0 }), running('a'), pod('b', { version: 'v3.1.7', container: { ready: false, state: { waiting: { reason: 'PodInitializing' } } } })];

function running(name: string): KubeObject {
  return pod(name, { version: 'v3.1.7', container: { ready: false, state: { running: {} } } });
}

function start(migration: FakeMigration, objects: readonly KubeObject[], change: object = {}, record = memoryRecord('calico')) {
  const cluster = fakeCluster(objects);
  const context = fakeContext(cluster, { clock: manualClock(START), record });
  let result: StepResult | undefined;
  const ended = rollOut({ ...PARAMS, ...change }, context, migration).then((end) => (result = end));
  ended.catch(() => {});
  return { cluster, context, ended, result: () => result };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

test('completes when every new calico-node has started, ready or not, and then waits until they are available', async () => {
  const migration = fakeMigration('migrated');
  const { cluster, context, ended, result } = start(migration, STARTED);
  await settle();
  expect(migration.calls).toEqual(['complete']);
  expect(result()).toBeUndefined();
  cluster.put(daemonSet({ version: 'v3.1.7' }));
  expect((await ended).outcome).toBe('done');
  expect(context.record.record.run).toMatchObject({ state: 'running', from: 'v2.6.12', to: 'v3.1.7', workload: 'kube-system/calico-node' });
});

test('says every move of the rollout or the migration once, in the order in which they happen', async () => {
  const migration = fakeMigration('started');
  const { cluster, context, ended } = start(migration, WAITING);
  await settle();
  migration.phase = 'migrated';
  await context.clock.advance(4000);
  await settle();
  cluster.put(running('b'));
  await settle();
  cluster.put(daemonSet({ version: 'v3.1.7' }));
  await ended;
  const lines = context.report.events.map(({ event, fields }) => [event, fields.migration ?? '', fields.available ?? '']);
  expect(lines).toEqual([['deadline', '', ''], ['rollout', 'started', 0], ['rollout', 'migrated', 0], ['completed', '', ''], ['rollout', 'complete', 0], ['rollout', 'complete', 2]]);
});

test('does not complete while a Pod is in its guard, and does at the event that ends it', async () => {
  const migration = fakeMigration('migrated');
  const { cluster } = start(migration, WAITING);
  await settle();
  expect(migration.calls).toEqual([]);
  cluster.put(running('b'));
  await settle();
  expect(migration.calls).toEqual(['complete']);
});

test('does not complete what is not migrated, and looks again', async () => {
  const migration = fakeMigration('started');
  const { context } = start(migration, STARTED);
  await settle();
  expect(migration.calls).toEqual([]);
  migration.phase = 'migrated';
  await context.clock.advance(2000);
  await settle();
  expect(migration.calls).toEqual(['complete']);
});

test('an etcd that is away for a while is waited for', async () => {
  const migration = fakeMigration('migrated');
  const status = migration.status;
  let broken = true;
  migration.status = () => (broken ? Promise.reject(new EtcdError('unreachable', 'etcd v3: no answer')) : status());
  const { context, result } = start(migration, STARTED);
  await settle();
  broken = false;
  await context.clock.advance(2000);
  await settle();
  expect(migration.calls).toEqual(['complete']);
  expect(result()).toBeUndefined();
});

test.each([
  ['the deadline passes', fakeMigration('migrated'), 'migrated', 3600_000, /3600|deadline|no progress/],
  ['the migration is aborted meanwhile', fakeMigration('started'), 'aborted', 2000, /aborted/],
  ['no guard begins another attempt after an aborted one', fakeMigration('aborted'), 'aborted', 3600_000, /3600|deadline|no progress/],
] as const)('freezes the rollout when %s', async (_why, migration, then, milliseconds, reason) => {
  const { cluster, context, ended } = start(migration, WAITING);
  await settle();
  migration.phase = then;
  await context.clock.advance(milliseconds);
  const result = await ended;
  expect(result).toMatchObject({ outcome: 'failed', exitCode: 30, message: expect.stringMatching(reason), next: expect.stringContaining('direction: abort') });
  expect(cluster.find<KubeObject & { spec: object }>('DaemonSet', 'calico-node', 'kube-system').spec).toMatchObject({ updateStrategy: { type: 'OnDelete' } });
  expect(context.record.record.run?.state).toBe('frozen');
});

test('on the way back nothing is completed', async () => {
  const migration = fakeMigration('aborted');
  const { ended } = start(migration, [daemonSet({ version: 'v2.6.12' }), pod('a', { version: 'v2.6.12' }), pod('b', { version: 'v2.6.12' })], { from: 'v3.1.7', to: 'v2.6.12', direction: 'abort' });
  expect((await ended).outcome).toBe('done');
  expect(migration.calls).toEqual([]);
});

test('once the plan is done, a Pod that is down is no rollout; one that stands still is frozen, and the run stays done', async () => {
  const run = { plan: 'aaaaaaaa', from: 'v2.6.12', to: 'v3.1.7', startedAt: '2026-01-01T00:00:00Z', startVersion: 'v2.6.12' };
  const record = memoryRecord('calico', finishRun(beginRun(emptyRecord('calico'), run), '2026-01-01T01:00:00Z'));
  const down = start(fakeMigration('complete'), [daemonSet({ version: 'v3.1.7', available: 1 }), running('a'), running('b')], {}, record);
  expect(await down.ended).toMatchObject({ outcome: 'already' });

  const stuck = start(fakeMigration('complete'), [daemonSet({ version: 'v3.1.7', updated: 1, available: 1 }), running('a'), running('b')], {}, record);
  await settle();
  await stuck.context.clock.advance(900_000);
  expect(await stuck.ended).toMatchObject({ exitCode: 30, message: expect.stringContaining('froze the rollout'), next: 'commit a corrected spec, or mend the cause and sync again' });
  expect(stuck.cluster.find('DaemonSet', 'calico-node', 'kube-system')).toMatchObject({ spec: { updateStrategy: { type: 'OnDelete' } } });
  expect(record.record.run).toMatchObject({ state: 'done' });
});
