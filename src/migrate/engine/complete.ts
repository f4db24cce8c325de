import { setTimeout as sleep } from 'node:timers/promises';
import { storedObject } from '../../calico/migration/storage.ts';
import type { EtcdV3, V3Value } from '../../etcd/v3.ts';
import { MigrationError } from '../contract.ts';
import { CLUSTER_INFORMATION_KEY, OWNER_KEY, STATE_KEY } from './keys.ts';
import type { Identity } from '../identity.ts';
import { heldByAnother } from './owner.ts';
import { persist } from './pause.ts';
import { newStamp } from '../stamp.ts';
import { asMissingRight, parseState, stateText, type StoredState } from './state.ts';

const CONFLICT_TRIES = 30;

/**
 * v3 is ready. A repeat changes nothing. One transaction reads what decides, one changes it if nothing of that has moved and nobody owns the migration: no
 * lease is needed, and nodes wait for this.
 * @throws MigrationError `phase` unless migrated, `held` while somebody else is at work; `force` overrides both
 */
export async function complete(v3: EtcdV3, identity: Identity, { signal, force = false }: { readonly signal: AbortSignal; readonly force?: boolean }): Promise<void> {
  // v3 nodes write the cluster information while they start.
  for (let attempt = 0; attempt < CONFLICT_TRIES; attempt++) {
    if (await persist(() => completeNow(v3, identity, force), signal)) return;
    await sleep(100, undefined, { signal });
  }
  throw new MigrationError('transient', 'ClusterInformation(default) keeps changing; run complete again');
}

/** False when something has moved between reading and writing. */
async function completeNow(v3: EtcdV3, identity: Identity, force: boolean): Promise<boolean> {
  const [owner, stored, information] = await v3.getMany([OWNER_KEY, STATE_KEY, CLUSTER_INFORMATION_KEY]).catch(asMissingRight);
  const { state } = parseState(stored);
  if (!force) {
    if (state.phase === 'complete') return true;
    refuseUnlessMigrated(state);
    const held = heldByAnother(owner, identity);
    if (held) throw held;
  }
  const ready = readyInformation(information);
  const puts = [...(ready === undefined ? [] : [{ key: CLUSTER_INFORMATION_KEY, value: ready }]), ...(state.phase === 'complete' ? [] : [{ key: STATE_KEY, value: stateText({ ...state, phase: 'complete' }) }])];
  if (puts.length === 0) return true;
  // Only force comes here past an owner: without the key, its next transaction fails.
  const removes = heldByAnother(owner, identity) ? [OWNER_KEY] : [];
  return v3.commit({ guards: [unmoved(OWNER_KEY, owner), unmoved(STATE_KEY, stored), unmoved(CLUSTER_INFORMATION_KEY, information)], puts, removes });
}

function refuseUnlessMigrated({ phase }: StoredState): void {
  if (phase === 'migrated') return;
  throw new MigrationError('phase', `there is nothing to complete: the state of the migration is ${phase}, not migrated; run start first${phase === 'none' ? ', or add --force if another tool has migrated the data' : ''}`);
}

/** What is to be written; `undefined` where it says ready already. */
function readyInformation(stored: V3Value | undefined): string | undefined {
  if (!stored) {
    const resource = { kind: 'ClusterInformation', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default' }, spec: { datastoreReady: true } } as const;
    return storedObject({ is: 'resource', resource }, newStamp()).value;
  }
  const object = JSON.parse(stored.value) as { spec?: Record<string, unknown> };
  return object.spec?.['datastoreReady'] === true ? undefined : JSON.stringify({ ...object, spec: { ...object.spec, datastoreReady: true } });
}

function unmoved(key: string, stored: V3Value | undefined): { readonly key: string; readonly modRevision: string } {
  return { key, modRevision: stored?.modRevision ?? '0' };
}
