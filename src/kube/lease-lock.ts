import type { RecordStore } from './record-store.ts';
import { isConflict } from './errors.ts';
import { holderOf, LEASE_SECONDS, releasedLease, RENEW_SECONDS, renewedLease, type Holder, type Lease } from './lease.ts';
import { acquireLease, type Acquired, type LeaseContext } from './lease-acquire.ts';
import { type Lock, LockLost } from './lock.ts';
import { LEASES } from './resources.ts';
import { messageOf } from './retry.ts';

export interface LeaseLockOptions extends LeaseContext {
  readonly holder: Holder;
  /** Counts take-overs. */
  readonly record: RecordStore;
}

/** The Lease `hookwave-<upgrade>`. Reentrant: holds of the same lock share it until the last ends, and so does the next container of a Pod. */
export function leaseLock(options: LeaseLockOptions): Lock {
  let users = 0;
  let shared: Promise<Session> | undefined;
  return {
    async hold(work) {
      users++;
      shared ??= begin(options);
      const session = shared;
      try {
        return await work((await session).signal);
      } finally {
        users--;
        if (users === 0) {
          shared = undefined;
          await session.then(({ end }) => end(), () => undefined);
        }
      }
    },
  };
}

/** One time of holding the Lease. */
interface Session {
  /** Aborted when the Lease is lost, and with the step. */
  readonly signal: AbortSignal;
  end(): Promise<void>;
}

async function begin(options: LeaseLockOptions): Promise<Session> {
  const acquired = await acquireLease(options, options.holder);
  const lost = new AbortController();
  const renewal = renew(options, acquired.lease, lost);
  await countTakeOver(options, acquired);
  return {
    signal: AbortSignal.any([lost.signal, options.signal]),
    end: async () => release(options, await renewal.stop()),
  };
}

/**
 * Renews until stopped; `stop` gives the Lease as last written. A request may be tried for longer than the Lease lasts, and another Pod takes it over
 * as soon as it is over: so a timer gives it up, whatever is under way.
 */
function renew({ cluster, clock, report }: LeaseLockOptions, acquired: Lease, lost: AbortController): { stop(): Promise<Lease | undefined> } {
  const stopped = new AbortController();
  let lease: Lease | undefined = acquired;
  let renewedAt = clock.now();
  let failure = 'no answer';
  const giveUp = (reason: string): void => {
    lease = undefined;
    report.event('lock-lost', reason);
    lost.abort(new LockLost(`${reason}; safe to run again`));
  };
  const renewAgain = async (held: Lease): Promise<Lease | undefined> => {
    const at = clock.now();
    try {
      const renewed = await cluster.replace(LEASES, renewedLease(held, at));
      renewedAt = at;
      return renewed;
    } catch (error) {
      failure = messageOf(error);
      const current = await cluster.get<Lease>(LEASES, held.metadata.name, held.metadata.namespace).catch(() => held);
      return current && holderOf(current)?.uid === holderOf(acquired)?.uid ? current : undefined;
    }
  };
  const loop = async (): Promise<void> => {
    while (lease) {
      await clock.sleep(RENEW_SECONDS * 1000, stopped.signal);
      const next: Lease | undefined = lease && (await renewAgain(lease));
      if (!lease) return;
      if (next) lease = next;
      else giveUp('another Pod has taken the Lease over');
    }
  };
  const expire = async (): Promise<void> => {
    for (let left = LEASE_MS; left > 0; left = renewedAt + LEASE_MS - clock.now()) await clock.sleep(left, stopped.signal);
    if (lease) giveUp(`the Lease could not be renewed: ${failure}`);
  };
  const running = loop().catch(() => undefined);
  void expire().catch(() => undefined);
  return {
    async stop() {
      stopped.abort();
      if (lease) await running;
      return lease;
    },
  };
}

const LEASE_MS = LEASE_SECONDS * 1000;

/** A count that fails is no reason to stop: the Lease is ours. */
async function countTakeOver({ record, report }: LeaseLockOptions, { takenFrom }: Acquired): Promise<void> {
  if (takenFrom === undefined) return;
  report.event('lock-taken-over', `took the Lease over from Pod ${takenFrom}`, { from: takenFrom });
  await record
    .update((current) => ({ ...current, takeOvers: current.takeOvers + 1 }))
    .catch((error: unknown) => report.event('record-failed', `the take-over is not counted: ${messageOf(error)}`));
}

/** A Lease that can't be released expires by itself, or is taken over once this Pod is finished. */
async function release({ cluster, clock, report }: LeaseLockOptions, lease: Lease | undefined): Promise<void> {
  if (!lease) return;
  await cluster.replace(LEASES, releasedLease(lease, clock.now())).catch((error: unknown) => {
    if (!isConflict(error)) report.event('lock-not-released', messageOf(error));
  });
}
