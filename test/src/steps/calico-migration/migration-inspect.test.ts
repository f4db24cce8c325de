import { expect, test } from 'vitest';
import { emptyRecord, beginRun, finishRun } from '../../../../src/plan/record.ts';
import { migrationInspect } from '../../../../src/steps/calico-migration/migration-inspect.ts';
import { inspect } from '../../../../src/steps/calico-migration/migration-inspect.run.ts';
import { fakeCluster } from '../../../fake-cluster.ts';
import { fakeContext, memoryRecord } from '../../../fake-context.ts';
import { daemonSet, pod } from '../../calico/objects.ts';
import { CLEAN, fakeMigration, type FakeMigration } from './fake-migration.ts';

const RUN = { plan: 'aaaaaaaa', from: 'v2.6.12', to: 'v3.1.7', startedAt: '2026-01-01T00:00:00Z', startVersion: 'v2.6.12' };
const DONE = finishRun(beginRun(emptyRecord('calico'), RUN), '2026-01-01T01:00:00Z');
const ROLLED = [daemonSet({ version: 'v3.1.7', desired: 1 }), pod('a', { version: 'v3.1.7' })];

function run(migration: FakeMigration, change: object = {}, objects = ROLLED, record = DONE) {
  const cluster = fakeCluster(objects);
  const params = { ...migrationInspect.params.parse({ from: 'v2.6.12', to: 'v3.1.7' }), ...change };
  return inspect(params, fakeContext(cluster, { record: memoryRecord('calico', record) }), migration);
}

test('before the migration it reports what would be converted and what skipped', async () => {
  const result = await run(fakeMigration('none'));
  expect(result).toEqual({ outcome: 'done', message: '12 objects can be migrated, 1 are skipped, 0 are refused\n- Profile(name=k8s_ns.default): made anew by the controllers' });
});

test('what cannot be converted, foreign v3 data and a missing right are named at once', async () => {
  const result = await run(fakeMigration('none', { ...CLEAN, failures: 30, destinationDirty: true, stateDenied: 'grant it: etcdctl role ...' }));
  expect(result).toMatchObject({ outcome: 'failed', exitCode: 10, message: expect.stringMatching(/30 are refused[\s\S]*not clean[\s\S]*etcdctl role[\s\S]*Policy\(name=p0\): a bad selector[\s\S]*and 10 more/) });
});

test.each(['migrated', 'complete'] as const)('a migration that is %s is not validated again', async (phase) => {
  const migration = fakeMigration(phase);
  expect((await run(migration)).outcome).toBe('already');
  expect(migration.calls).toEqual([]);
});

test('finished is accepted when etcd, the run record and every Pod say so', async () => {
  expect((await run(fakeMigration('complete'), { finished: true })).outcome).toBe('already');
});

test.each([
  ['the migration is not complete', fakeMigration('migrated'), ROLLED, DONE],
  ['the run is not done', fakeMigration('complete'), ROLLED, beginRun(emptyRecord('calico'), RUN)],
  ['another plan has run last', fakeMigration('complete'), ROLLED, finishRun(beginRun(emptyRecord('calico'), { ...RUN, plan: 'bbbbbbbb' }), '2026-01-01T01:00:00Z')],
  ['a Pod is old', fakeMigration('complete'), [ROLLED[0]!, pod('a', { version: 'v2.6.12' })], DONE],
])('finished is refused when %s', async (_why, migration, objects, record) => {
  expect(await run(migration, { finished: true }, objects, record)).toMatchObject({ outcome: 'failed', exitCode: 10, next: expect.stringContaining('finished: true') });
});

test('the way back is open until the completion', async () => {
  for (const phase of ['none', 'started', 'migrated', 'aborted'] as const) expect((await run(fakeMigration(phase), { direction: 'abort' })).outcome).toBe('already');
  expect(await run(fakeMigration('complete'), { direction: 'abort' })).toMatchObject({ outcome: 'failed', exitCode: 10 });
});
