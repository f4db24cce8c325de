import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/kube/cluster.ts';
import { MigrationError } from '../../../../src/migrate/contract.ts';
import { migrationAbort } from '../../../../src/steps/calico-migration/migration-abort.ts';
import { goBack } from '../../../../src/steps/calico-migration/migration-abort.run.ts';
import { fakeCluster } from '../../../fake-cluster.ts';
import { fakeContext, manualClock } from '../../../fake-context.ts';
import { daemonSet, pod } from '../../calico/objects.ts';
import { fakeMigration, type FakeMigration } from './fake-migration.ts';

const PARAMS = migrationAbort.params.parse({ from: 'v3.1.7', to: 'v2.6.12', direction: 'abort' });

function start(migration: FakeMigration, objects: readonly KubeObject[]) {
  const cluster = fakeCluster(objects);
  return { cluster, result: goBack(PARAMS, fakeContext(cluster, { clock: manualClock(0, 'auto') }), migration) };
}

test('the new DaemonSet goes before the abort: its guards would begin again', async () => {
  const migration = fakeMigration('migrated');
  const { cluster, result } = start(migration, [daemonSet({ version: 'v3.1.7' })]);
  cluster.onWrite = () => expect(migration.calls).toEqual([]);
  expect((await result).outcome).toBe('done');
  expect(cluster.writes.map(({ verb, kind }) => `${verb} ${kind}`)).toEqual(['delete DaemonSet']);
  expect(migration.phase).toBe('aborted');
});

test('it waits for the end of the new Pods, not for the old ones', async () => {
  const migration = fakeMigration('started');
  const owned = (name: string, version: string): KubeObject => {
    const object = pod(name, { version });
    return { ...object, metadata: { ...object.metadata, ownerReferences: [{ kind: 'DaemonSet', name: 'calico-node', uid: 'ds-uid' }] } };
  };
  const { cluster, result } = start(migration, [daemonSet({ version: 'v3.1.7' }), owned('new', 'v3.1.7'), owned('old', 'v2.6.12')]);
  let ended = false;
  void result.then(() => (ended = true));
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  expect([ended, migration.calls]).toEqual([false, []]);
  cluster.remove('Pod', 'new', 'kube-system');
  expect((await result).outcome).toBe('done');
});

test('a lease that is still alive is waited for', async () => {
  const migration = fakeMigration('started');
  migration.refusal = new MigrationError('held', 'the migration is in the hands of node-1');
  const { result } = start(migration, []);
  expect((await result).outcome).toBe('done');
  expect(migration.calls).toEqual(['abort', 'abort']);
});

test('the old DaemonSet is left alone, and an aborted migration is not aborted again', async () => {
  const migration = fakeMigration('aborted');
  const { cluster, result } = start(migration, [daemonSet({ version: 'v2.6.12' })]);
  expect((await result).outcome).toBe('already');
  expect([cluster.writes, migration.calls]).toEqual([[], []]);
});

test('after the completion nothing is touched', async () => {
  const { cluster, result } = start(fakeMigration('complete'), [daemonSet({ version: 'v3.1.7' })]);
  expect(await result).toMatchObject({ outcome: 'failed', exitCode: 10 });
  expect(cluster.writes).toEqual([]);
});
