/** The etcd that the steps of the datastore migration meet beside the API server: Calico v1 in its v2 keys, Calico v3 in its v3 keys. */
import { connectV2 } from '../../../src/etcd/v2.ts';
import { connectV3 } from '../../../src/etcd/v3.ts';
import { etcdMigration } from '../../../src/migrate/engine/etcd-migration.ts';
import { v1Cluster } from '../../calico-v1/cluster.ts';
import { fillV1, wipe } from '../../calico-v1/etcd.ts';
import { startEtcd } from '../../cluster/etcd.ts';
import { type DatastoreState, datastoreState } from '../migrate-cluster/players.ts';

/** How far the migration is when a case begins. */
export type Progress = 'not begun' | 'migrated' | 'complete';

export interface Datastore {
  /** What tells a Pod where it is. */
  readonly env: Readonly<Record<string, string>>;
  /** The data of one small cluster, the migration as far as that. */
  put(progress: Progress): Promise<void>;
  state(): Promise<DatastoreState>;
  stop(): Promise<void>;
}

export async function startDatastore(): Promise<Datastore> {
  const etcd = await startEtcd({ v2: true, fsync: 'never' });
  const access = { endpoints: [etcd.endpoint] };
  const [v2, v3] = [connectV2(access), connectV3(access)];
  return {
    env: { CALICO_ETCD_ENDPOINTS: etcd.endpoint, CALICO_APIV1_ETCD_ENDPOINTS: etcd.endpoint },
    async put(progress) {
      await wipe(etcd.endpoint, v3);
      await fillV1(v2, v1Cluster({ workloadEndpoints: 1, nodes: 1, policies: 1 }));
      if (progress === 'not begun') return;
      const migration = etcdMigration({ v1: access, v3: access, name: 'the matrix' });
      const signal = AbortSignal.timeout(60_000);
      await migration.start({ signal, quiesceSeconds: 0 });
      if (progress === 'complete') await migration.complete({ signal });
      await migration.close();
    },
    state: () => datastoreState(v2, v3),
    async stop() {
      v2.close();
      v3.close();
      await etcd.stop();
    },
  };
}
