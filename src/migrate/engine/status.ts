import type { EtcdV2 } from '../../etcd/v2.ts';
import type { EtcdV3 } from '../../etcd/v3.ts';
import { shouldMigrate } from '../../calico/migration/versions.ts';
import { MigrationError, type MigrationStatus } from '../contract.ts';
import { CLUSTER_INFORMATION_KEY, V1_VERSION_PATH } from './keys.ts';
import { ownerName } from './owner.ts';
import { readyV1 } from './pause.ts';
import { asMissingRight, readState } from './state.ts';

/**
 * What to do next, for everybody who waits. Our own state comes first: once it says migrated there is nothing to start any more, whether or not a v3 node has
 * written its version (upstream's guards wait for that for ever); after an abort v3's data are stale, whatever version they name.
 */
export async function readStatus(v2: EtcdV2, v3: EtcdV3): Promise<MigrationStatus> {
  const [{ state: stored }, owner] = await Promise.all([readState(v3), ownerName(v3).catch(asMissingRight)]);
  const state = { ...stored, ...(owner !== undefined && { owner }) };
  switch (stored.phase) {
    case 'migrated':
    case 'complete':
      return { state, needed: false, inProgress: false };
    case 'started':
      return { state, needed: true, inProgress: owner !== undefined };
    case 'aborted':
      return { state, needed: versionSays(undefined, await v1Version(v2)), inProgress: owner !== undefined };
    case 'none': {
      const needed = versionSays(await v3Version(v3), await v1Version(v2));
      return { state, needed, inProgress: needed && (owner !== undefined || (await pausedByOthers(v2))) };
    }
  }
}

async function pausedByOthers(v2: EtcdV2): Promise<boolean> {
  const ready = await readyV1(v2);
  if (ready === undefined) throw new MigrationError('config', 'the v1 datastore has a Calico version but no Ready flag; check the v1 endpoints');
  return !ready;
}

export async function v1Version(v2: EtcdV2): Promise<string | undefined> {
  return (await v2.read(V1_VERSION_PATH))?.value;
}

async function v3Version(v3: EtcdV3): Promise<string | undefined> {
  const stored = await v3.get(CLUSTER_INFORMATION_KEY);
  return stored && (JSON.parse(stored.value) as { spec?: { calicoVersion?: string } }).spec?.calicoVersion;
}

function versionSays(v3: string | undefined, v1: string | undefined): boolean {
  const verdict = shouldMigrate({ v1, v3 });
  if ('error' in verdict) throw new MigrationError('version', verdict.error);
  return verdict.needed;
}
