import { LEASE_SECONDS, MigrationError } from '../contract.ts';
import type { Engine } from './engine.ts';
import { own } from './owner.ts';
import { type KubernetesState, readRecord } from './record.ts';

/**
 * Nothing of Calico's: v3 is ready since the migration. It only marks that there is no way back. Where no attempt is known there is nothing to do.
 * @throws MigrationError `phase` while a migration is unfinished or aborted, `held` while somebody is at work; `force` overrides both
 */
export async function complete(engine: Engine, { force = false }: { readonly force?: boolean }): Promise<void> {
  const { state } = await readRecord(engine.cluster);
  if (state.phase === 'none' || state.phase === 'complete') return;
  if (!force) refuseUnlessMigrated(state);
  const owner = await own({ ...engine, leaseSeconds: LEASE_SECONDS, force });
  try {
    // Again: an abort may have come first. From now on there is an owner, and none comes any more.
    if (owner.state().phase === 'complete') return;
    if (!force) refuseUnlessMigrated(owner.state());
    await owner.write({ ...owner.state(), phase: 'complete' });
  } finally {
    await owner.release();
  }
}

function refuseUnlessMigrated({ phase }: KubernetesState): void {
  if (phase !== 'migrated') throw new MigrationError('phase', `there is nothing to complete: the state of the migration is ${phase}, not migrated; run start first`);
}
