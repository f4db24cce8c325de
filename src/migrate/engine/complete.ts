import { setTimeout as sleep } from 'node:timers/promises';
import { storedObject } from '../../calico/migration/storage.ts';
import type { EtcdV3 } from '../../etcd/v3.ts';
import { LEASE_SECONDS, MigrationError } from '../contract.ts';
import { CLUSTER_INFORMATION_KEY } from './keys.ts';
import { type Identity, own, type Ownership } from './owner.ts';
import { persist } from './pause.ts';
import { newStamp } from './stamp.ts';
import { readState, writeState } from './state.ts';

const CONFLICT_TRIES = 30;

/**
 * v3 is ready. A repeat changes nothing.
 * @throws MigrationError `phase` unless migrated, `held` while somebody else is at work; `force` overrides both
 */
export async function complete(v3: EtcdV3, identity: Identity, { signal, force = false }: { readonly signal: AbortSignal; readonly force?: boolean }): Promise<void> {
  const { state } = await readState(v3);
  if (state.phase === 'complete' && !force) return;
  if (state.phase !== 'migrated' && !force) {
    throw new MigrationError('phase', `there is nothing to complete: the state of the migration is ${state.phase}, not migrated; run start first${state.phase === 'none' ? ', or add --force if another tool has migrated the data' : ''}`);
  }
  const owner = await persist(() => own(v3, identity, { leaseSeconds: LEASE_SECONDS, force }), signal);
  try {
    await makeReady(v3, owner, signal);
    await persist(async () => {
      const found = await readState(v3);
      if (found.state.phase !== 'complete') await writeState(v3, owner, found, { ...found.state, phase: 'complete' });
    }, signal);
  } finally {
    await owner.release();
  }
}

/** v3 nodes write the same object while they start. */
async function makeReady(v3: EtcdV3, owner: Ownership, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; attempt < CONFLICT_TRIES; attempt++) {
    if (await persist(() => setReady(v3, owner), signal)) return;
    await owner.check();
    await sleep(100, undefined, { signal });
  }
  throw new MigrationError('transient', 'ClusterInformation(default) keeps changing; run complete again');
}

async function setReady(v3: EtcdV3, owner: Ownership): Promise<boolean> {
  const stored = await v3.get(CLUSTER_INFORMATION_KEY);
  if (!stored) {
    const resource = { kind: 'ClusterInformation', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default' }, spec: { datastoreReady: true } } as const;
    const { key, value } = storedObject({ is: 'resource', resource }, newStamp());
    return v3.commit({ guards: [owner.guard, { key, modRevision: '0' }], puts: [{ key, value }] });
  }
  const object = JSON.parse(stored.value) as { spec?: Record<string, unknown> };
  if (object.spec?.['datastoreReady'] === true) return true;
  const value = JSON.stringify({ ...object, spec: { ...object.spec, datastoreReady: true } });
  return v3.commit({ guards: [owner.guard, { key: CLUSTER_INFORMATION_KEY, modRevision: stored.modRevision }], puts: [{ key: CLUSTER_INFORMATION_KEY, value }] });
}
