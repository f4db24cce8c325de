import { shouldMigrate } from '../../calico/migration/versions.ts';
import type { Cluster } from '../../kube/cluster.ts';
import { MigrationError, type MigrationStatus } from '../contract.ts';
import type { LookAtOwner } from './liveness.ts';
import { readRecord } from './record.ts';
import { CLUSTER_INFORMATIONS } from './resources.ts';
import type { Stored } from './store.ts';
import { v1Version } from './v1-data.ts';

/** As on etcd, but that nothing is paused here: in progress is what somebody is at work on. */
export async function readStatus(cluster: Cluster, look: LookAtOwner): Promise<MigrationStatus> {
  const { made: _, ...done } = (await readRecord(cluster)).state;
  if (done.phase === 'migrated' || done.phase === 'complete') return { state: done, needed: false, inProgress: false };
  const { record, alive } = await look();
  const { made: __, ...stored } = record.state;
  const state = { ...stored, ...(alive !== undefined && { owner: alive }) };
  const needed = await isNeeded(cluster, stored.phase);
  return { state, needed, inProgress: needed && alive !== undefined };
}

async function isNeeded(cluster: Cluster, phase: MigrationStatus['state']['phase']): Promise<boolean> {
  if (phase === 'started') return true;
  if (phase === 'migrated' || phase === 'complete') return false;
  // After an abort v3's objects are stale, whatever version they name.
  const v3 = phase === 'aborted' ? undefined : await v3Version(cluster);
  const verdict = shouldMigrate({ v1: await v1Version(cluster), v3 });
  if ('error' in verdict) throw new MigrationError('version', verdict.error);
  return verdict.needed;
}

async function v3Version(cluster: Cluster): Promise<string | undefined> {
  const version = (await cluster.get<Stored>(CLUSTER_INFORMATIONS, 'default'))?.spec?.['calicoVersion'];
  return typeof version === 'string' ? version : undefined;
}
