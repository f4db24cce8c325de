import type { Cluster } from '../../kube/cluster.ts';
import type { Clock } from '../../steps/step.ts';
import { MigrationError } from '../contract.ts';
import { held, type Identity } from '../identity.ts';
import { inTurn } from './in-turn.ts';
import type { LookAtOwner } from './liveness.ts';
import { type KubernetesState, type MigrationRecord, type RenewedOwner, readRecord, writeRecord } from './record.ts';

/** The right to write, as long as it is renewed. */
export interface Ownership {
  state(): KubernetesState;
  /** @throws MigrationError `held` or `transient` when somebody else has taken over */
  write(next: KubernetesState): Promise<void>;
  /** Before each write of an object. @throws MigrationError when it is lost, or was not renewed in time */
  check(): void;
  /** Never throws. */
  release(): Promise<void>;
}

export interface Own {
  readonly cluster: Cluster;
  readonly identity: Identity;
  readonly look: LookAtOwner;
  readonly clock: Clock;
  readonly leaseSeconds: number;
  /** Put an owner who is alive out: his next write fails. */
  readonly force?: boolean;
}

/** @throws MigrationError `held` while another owner is alive */
export async function own(how: Own): Promise<Ownership> {
  const { cluster, identity, leaseSeconds } = how;
  for (;;) {
    const record = await currentRecord(how);
    const owner: RenewedOwner = { ...identity, leaseSeconds, since: new Date().toISOString(), renewals: 0 };
    const from = how.clock.now();
    const taken = await writeRecord(cluster, record, { state: record.state, owner });
    if (taken) return keep(how, owner, { record: taken, from });
  }
}

/** @throws MigrationError `held` */
export async function refuseIfHeld(look: LookAtOwner, identity: Identity): Promise<MigrationRecord> {
  const { record, alive } = await look();
  if (alive !== undefined && record.owner && record.owner.id !== identity.id) throw held(record.owner);
  return record;
}

function currentRecord({ cluster, look, identity, force = false }: Own): Promise<MigrationRecord> {
  return force ? readRecord(cluster) : refuseIfHeld(look, identity);
}

function keep({ cluster, identity, clock, leaseSeconds }: Own, first: RenewedOwner, taken: { readonly record: MigrationRecord; readonly from: number }): Ownership {
  let { record, from: renewedAt } = taken;
  let owner = first;
  const [lost, stopped] = [new AbortController(), new AbortController()];
  /** One write at a time: each needs the resourceVersion of the one before. */
  const alone = inTurn();
  const put = async (state: (current: KubernetesState) => KubernetesState): Promise<void> => {
    for (;;) {
      if (lost.signal.aborted) throw lost.signal.reason;
      const from = clock.now();
      const next = { ...owner, renewals: owner.renewals + 1 };
      const written = await writeRecord(cluster, record, { state: state(record.state), owner: next });
      if (written) {
        [record, owner, renewedAt] = [written, next, from];
        return;
      }
      // Somebody has written it: its labels, or another owner.
      record = await readRecord(cluster);
      if (record.owner?.id !== identity.id) lost.abort(takenAway(record));
    }
  };
  const loseIfLate = (): void => {
    if (clock.now() - renewedAt > leaseSeconds * 1000) lost.abort(late(leaseSeconds));
  };
  const renew = async (): Promise<void> => {
    while (!lost.signal.aborted) {
      await clock.sleep((leaseSeconds * 1000) / 3, stopped.signal);
      await alone(() => put((state) => state)).catch(() => undefined);
      loseIfLate();
    }
  };
  const renewal = renew().catch(() => undefined);
  return {
    state: () => record.state,
    write: (next) => alone(() => put(() => ({ ...next, changedAt: new Date().toISOString() }))),
    check() {
      loseIfLate();
      if (lost.signal.aborted) throw lost.signal.reason;
    },
    async release() {
      stopped.abort();
      await renewal;
      if (!lost.signal.aborted) await alone(() => writeRecord(cluster, record, { state: record.state })).catch(() => undefined);
    },
  };
}

function takenAway({ owner }: MigrationRecord): MigrationError {
  return owner ? held(owner) : new MigrationError('transient', 'the record of this migration was taken away while it was running; it is taken up again');
}

function late(leaseSeconds: number): MigrationError {
  return new MigrationError('transient', `the ownership of this migration was not renewed for ${leaseSeconds} s; it is taken up again`);
}
