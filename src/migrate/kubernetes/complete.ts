import { LEASE_SECONDS, MigrationError } from '../contract.ts';
import type { Engine } from './engine.ts';
import { own } from './owner.ts';
import { readRecord } from './record.ts';

/**
 * Nothing of Calico's: v3 is ready since the migration. It only marks that there is no way back. Where no attempt is known there is nothing to do.
 * @throws MigrationError `phase` while a migration is unfinished or aborted, `held` while somebody is at work; `force` overrides both
 */
export async function complete(engine: Engine, { force = false }: { readonly force?: boolean }): Promise<void> {
  const { state } = await readRecord(engine.cluster);
  if (state.phase === 'none' || state.phase === 'complete') return;
  if (state.phase !== 'migrated' && !force) throw new MigrationError('phase', `there is nothing to complete: the state of the migration is ${state.phase}, not migrated; run start first`);
  const owner = await own({ ...engine, leaseSeconds: LEASE_SECONDS, force });
  try {
    await owner.write({ ...owner.state(), phase: 'complete' });
  } finally {
    await owner.release();
  }
}
