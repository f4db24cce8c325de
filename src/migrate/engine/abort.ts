import type { EtcdV2 } from '../../etcd/v2.ts';
import type { EtcdV3 } from '../../etcd/v3.ts';
import { LEASE_SECONDS, MigrationError } from '../contract.ts';
import type { Identity } from '../identity.ts';
import { own, type Ownership } from './owner.ts';
import { persist, readyV1, resumeV1 } from './pause.ts';
import { readState, type StoredState, writeState } from './state.ts';

/**
 * v1 goes on, what v3 holds is stale.
 * @throws MigrationError `held` while another owner is alive, `phase` after completion or when no migration is known; `force` overrides all three
 */
export async function abort(v2: EtcdV2, v3: EtcdV3, identity: Identity, { signal, force = false }: { readonly signal: AbortSignal; readonly force?: boolean }): Promise<void> {
  const { state } = await readState(v3);
  if (!force) refuseIfComplete(state);
  if (state.phase === 'none' && !force) {
    if ((await readyV1(v2)) !== false) throw new MigrationError('phase', 'there is no migration to abort: Calico v1 is not paused');
    throw new MigrationError('phase', 'Calico v1 is paused, but not by this program; if no other tool is at work, add --force');
  }
  const owner = await persist(() => own(v3, identity, { leaseSeconds: LEASE_SECONDS, force }), signal);
  try {
    // Again: a completion may have come first. From now on there is an owner, and none comes any more.
    if (!force) refuseIfComplete((await persist(() => readState(v3), signal)).state);
    await abortAttempt(v2, v3, owner, signal);
  } finally {
    await owner.release();
  }
}

function refuseIfComplete({ phase }: StoredState): void {
  if (phase === 'complete') throw new MigrationError('phase', 'the migration is complete: v3 is the datastore now, and v1 must not go on beside it; to do so all the same, add --force');
}

/** The mark comes first: from then on no guard lets v3 start, and a repeat finishes what a kill interrupts. */
export async function abortAttempt(v2: EtcdV2, v3: EtcdV3, owner: Ownership, signal: AbortSignal): Promise<void> {
  await persist(async () => {
    const found = await readState(v3);
    const { pausedIndex: _, counts: __, ...kept } = found.state;
    if (found.state.phase !== 'aborted') await writeState(v3, owner, found, { ...kept, phase: 'aborted' });
  }, signal);
  await resumeV1(v2, signal);
}
