import type { Etcd3 } from 'etcd3';
import { etcdError } from './errors.ts';

export interface HeldLease {
  /** For `puts` of a transaction: such a key goes when the lease does. */
  readonly id: string;
  /** Aborted with an `EtcdError` `expired` when the lease is lost: it has ended or etcd could not be reached for that long. */
  readonly signal: AbortSignal;
  /** Keys of the lease go at once. Never throws: else they go when the lease expires. */
  release(): Promise<void>;
}

/** @param ttlSeconds how long the lease outlives its holder; kept alive three times in that time */
export async function holdLease(client: Etcd3, ttlSeconds: number): Promise<HeldLease> {
  const lost = new AbortController();
  const lease = client.lease(ttlSeconds);
  lease.on('lost', (error) => lost.abort(etcdError('expired', 'etcd v3', `the lease is lost: ${error.message}`, error)));
  const id = await lease.grant();
  return {
    id,
    signal: lost.signal,
    async release() {
      await lease.revoke().catch(() => undefined);
    },
  };
}
