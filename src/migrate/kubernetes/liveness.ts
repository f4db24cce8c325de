import type { Cluster } from '../../kube/cluster.ts';
import type { Clock } from '../../steps/step.ts';
import { type MigrationRecord, readRecord } from './record.ts';

export interface Look {
  readonly record: MigrationRecord;
  /** The name of an owner who is alive. */
  readonly alive?: string;
}

export type LookAtOwner = () => Promise<Look>;

interface Seen {
  readonly mark: string;
  readonly at: number;
  readonly alive: boolean;
}

const POLL_MS = 250;

/**
 * Looks who owns the migration and whether he is alive: he is when his entry changes, and dead when it has not for the time of his lease while this process
 * looked on. The first look at an owner waits for that, a third of the lease if he is alive; later ones remember.
 * @param self never counts as somebody else
 */
export function lookAtOwner(cluster: Cluster, self: string, clock: Clock, signal: AbortSignal): LookAtOwner {
  let seen: Seen | undefined;
  return async () => {
    for (;;) {
      const record = await readRecord(cluster);
      const { owner } = record;
      if (!owner || owner.id === self) {
        seen = undefined;
        return { record, ...(owner && { alive: owner.name }) };
      }
      const mark = `${owner.id} ${owner.renewals}`;
      if (seen?.mark !== mark) seen = { mark, at: clock.now(), alive: seen !== undefined };
      if (clock.now() - seen.at > owner.leaseSeconds * 1000) return { record };
      if (seen.alive) return { record, alive: owner.name };
      await clock.sleep(Math.min(POLL_MS, owner.leaseSeconds * 250), signal);
    }
  };
}
