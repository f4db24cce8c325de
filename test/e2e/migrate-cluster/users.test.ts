import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectV2 } from '../../../src/etcd/v2.ts';
import type { Migration } from '../../../src/migrate/contract.ts';
import { etcdMigration } from '../../../src/migrate/engine/etcd-migration.ts';
import { v1Cluster } from '../../calico-v1/cluster.ts';
import { type Etcd, startEtcd } from '../../cluster/etcd.ts';
import { limitUsers, type Users } from './etcd-users.ts';

const GRANT = 'etcdctl role grant-permission ROLE --prefix=true readwrite /hookwave/calico-migration/';
const { signal } = new AbortController();

describe('an etcd user that may use /calico/ only', () => {
  let etcd: Etcd;
  let users: Users;
  let migration: Migration;
  beforeAll(async () => {
    etcd = await startEtcd({ v2: true });
    const v2 = connectV2({ endpoints: [etcd.endpoint] });
    for (const { path, value } of v1Cluster({ workloadEndpoints: 10, nodes: 1 })) await v2.write(path, value);
    v2.close();
    users = await limitUsers(etcd.endpoint);
    const access = { endpoints: [etcd.endpoint], ...users.calico };
    migration = etcdMigration({ v1: access, v3: access, name: 'a test', callTimeoutMs: 5000 });
  });
  afterAll(async () => {
    await migration?.close();
    await etcd?.stop();
  });

  it('gets the grant to type from a dry run, beside its results, and from every look', async () => {
    expect(await migration.dryRun({ signal })).toMatchObject({ failures: 0, destinationDirty: false, stateDenied: expect.stringContaining(GRANT) });
    await expect(migration.status()).rejects.toMatchObject({ reason: 'denied', message: expect.stringContaining(GRANT) });
    await expect(migration.start({ signal, quiesceSeconds: 0 })).rejects.toMatchObject({ reason: 'denied', message: expect.stringContaining(GRANT) });
  });

  it('migrates with that one grant', async () => {
    await users.grantState();
    expect(await migration.dryRun({ signal })).not.toHaveProperty('stateDenied');
    expect(await migration.start({ signal, quiesceSeconds: 0 })).toMatchObject({ ended: 'migrated', intruders: [] });
    await migration.complete({ signal });
    expect((await migration.status()).state.phase).toBe('complete');
  });
});
