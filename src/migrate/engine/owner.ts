import { isEtcdError } from '../../etcd/errors.ts';
import type { EtcdV3, V3Guard, V3Value } from '../../etcd/v3.ts';
import { MigrationError } from '../contract.ts';
import { held, type Identity, type Owner } from '../identity.ts';
import { OWNER_KEY } from './keys.ts';

/** The right to write, as long as the lease lives. */
export interface Ownership {
  /** Part of every transaction: it fails once somebody else owns the migration. */
  readonly guard: V3Guard;
  /** Aborted when the lease is lost. */
  readonly signal: AbortSignal;
  /** @throws MigrationError `transient` or `held` when it is lost; for after a transaction that did not happen */
  check(): Promise<void>;
  /** Never throws. */
  release(): Promise<void>;
}

/**
 * Becomes the owner of the migration.
 * @param force put an owner that is alive out: its next transaction fails
 * @throws MigrationError `held` while another owner's lease lives
 */
export async function own(v3: EtcdV3, identity: Identity, { leaseSeconds, force = false }: { readonly leaseSeconds: number; readonly force?: boolean }): Promise<Ownership> {
  const lease = await v3.lease(leaseSeconds);
  const put = { key: OWNER_KEY, value: JSON.stringify({ ...identity, leaseSeconds, since: new Date().toISOString() }), lease: lease.id };
  const refuse = async (error: unknown): Promise<never> => {
    await lease.release();
    throw error;
  };
  const current = await v3.get(OWNER_KEY).catch(refuse);
  const holder = current && parseOwner(current.value);
  if (holder && holder.id !== identity.id && !force) return refuse(held(holder));
  // A key of our own is moved to the new lease; a stranger's is made anew, so that its creation revision changes.
  const replaced = current && holder?.id !== identity.id;
  if (replaced) await v3.commit({ guards: [{ key: OWNER_KEY, modRevision: current.modRevision }], removes: [OWNER_KEY] }).catch(refuse);
  const before = replaced || !current ? '0' : current.modRevision;
  await v3.commit({ guards: [{ key: OWNER_KEY, modRevision: before }], puts: [put] }).catch((error: unknown) => (isEtcdError(error, 'lost') ? undefined : refuse(error)));
  const stored = await v3.get(OWNER_KEY).catch(refuse);
  if (!stored || parseOwner(stored.value).id !== identity.id) return refuse(stored ? held(parseOwner(stored.value)) : new MigrationError('transient', 'the owner key has gone at once; run it again'));
  const guard = { key: OWNER_KEY, createRevision: stored.createRevision };
  return {
    guard,
    signal: lease.signal,
    release: lease.release,
    async check() {
      const now = await v3.get(OWNER_KEY);
      if (now?.createRevision === guard.createRevision) return;
      throw now ? held(parseOwner(now.value)) : new MigrationError('transient', 'the lease of this migration has expired while it was running; it is taken up again');
    },
  };
}

/** @throws MigrationError `held` while another owner's lease lives */
export async function refuseIfHeld(v3: EtcdV3, identity: Identity): Promise<void> {
  const error = heldByAnother(await v3.get(OWNER_KEY), identity);
  if (error) throw error;
}

/** What to say when the owner key is somebody else's. */
export function heldByAnother(stored: V3Value | undefined, { id }: Identity): MigrationError | undefined {
  const holder = stored && parseOwner(stored.value);
  return holder && holder.id !== id ? held(holder) : undefined;
}

/** The name of the living owner. */
export async function ownerName(v3: EtcdV3): Promise<string | undefined> {
  const stored = await v3.get(OWNER_KEY);
  return stored && parseOwner(stored.value).name;
}

function parseOwner(value: string): Owner {
  return JSON.parse(value) as Owner;
}
