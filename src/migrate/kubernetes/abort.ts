import type { Cluster } from '../../kube/cluster.ts';
import { LEASE_SECONDS, MigrationError } from '../contract.ts';
import type { Engine } from './engine.ts';
import { own, type Ownership } from './owner.ts';
import { type KubernetesState, readRecord } from './record.ts';
import { openStore } from './store.ts';

/**
 * Removes the v3 objects that the attempt has made; v1's are as they were. Nothing to do where no attempt is known.
 * @throws MigrationError `held` while another owner is alive, `phase` after completion; `force` overrides both
 */
export async function abort(engine: Engine, { force = false }: { readonly force?: boolean }): Promise<void> {
  const { state } = await readRecord(engine.cluster);
  if (state.phase === 'none') return;
  if (!force) refuseIfComplete(state);
  const owner = await own({ ...engine, leaseSeconds: LEASE_SECONDS, force });
  try {
    // Again: a completion may have come first. From now on there is an owner, and none comes any more.
    if (!force) refuseIfComplete(owner.state());
    await abortAttempt(engine.cluster, owner);
  } finally {
    await owner.release();
  }
}

function refuseIfComplete({ phase }: KubernetesState): void {
  if (phase === 'complete') throw new MigrationError('phase', 'the migration is complete: Calico v3 has worked with these data since; to remove them all the same, add --force');
}

/** The mark comes first: from then on no guard lets v3 start, and a repeat finishes what a kill interrupts. */
export async function abortAttempt(cluster: Cluster, owner: Ownership): Promise<void> {
  const { counts: _, ...state } = owner.state();
  if (state.phase === 'none') return;
  if (state.phase !== 'aborted') await owner.write({ ...state, phase: 'aborted' });
  const store = openStore(cluster, owner, () => undefined);
  for (const one of state.made ?? []) await store.remove(one);
  if (state.made !== undefined && state.made.length > 0) await owner.write({ ...owner.state(), made: [] });
}
