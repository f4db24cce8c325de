import type { V3Object } from '../../calico/migration/model.ts';
import { storedObject } from '../../calico/migration/storage.ts';
import { isEtcdError } from '../../etcd/errors.ts';
import { type EtcdV3, MAX_TXN_BYTES, MAX_TXN_OPERATIONS } from '../../etcd/v3.ts';
import { MigrationError } from '../contract.ts';
import type { Ownership } from './owner.ts';
import { newStamp } from '../stamp.ts';

/** Writes v3 objects in transactions, a few of them under way at a time. */
export interface Store {
  /** A promise when there is no room for more just now: wait for it. It resolves before all is written. */
  put(object: V3Object): Promise<void> | undefined;
  /** Everything put so far is written. */
  flush(): Promise<void>;
}

interface Entry {
  readonly key: string;
  readonly value: string;
}

/** Transactions under way at once: enough to keep etcd's disk busy. */
const PIPELINE = 4;
/** Each key is guarded, and so is the owner. */
const MAX_ENTRIES = MAX_TXN_OPERATIONS - 1;
/** A v3 node may write the same object while it starts. */
const CONFLICT_TRIES = 5;

/** What exists is overwritten unless it is the same but for its uid and time of creation, so a repeated run changes nothing. */
export function openStore(v3: EtcdV3, owner: Ownership): Store {
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let batch: Entry[] = [];
  let bytes = 0;

  const send = (): void => {
    if (batch.length === 0) return;
    const write: Promise<void> = upsert(v3, owner, batch)
      .catch((error: unknown) => void (failure ??= { error }))
      .finally(() => running.delete(write));
    running.add(write);
    batch = [];
    bytes = 0;
  };
  const room = async (): Promise<void> => {
    while (running.size >= PIPELINE) await Promise.race(running);
    if (failure) throw failure.error;
  };
  return {
    put(object) {
      const entry = storedObject(object, newStamp());
      const size = Buffer.byteLength(entry.key) * 2 + Buffer.byteLength(entry.value);
      if (batch.length === MAX_ENTRIES || bytes + size > MAX_TXN_BYTES) send();
      batch.push(entry);
      bytes += size;
      return running.size >= PIPELINE || failure ? room() : undefined;
    },
    async flush() {
      send();
      await Promise.all(running);
      if (failure) throw failure.error;
    },
  };
}

async function upsert(v3: EtcdV3, owner: Ownership, entries: readonly Entry[]): Promise<void> {
  const absent = entries.map(({ key }) => ({ key, modRevision: '0' }));
  const created = await v3.commit({ guards: [owner.guard, ...absent], puts: entries }).catch((error: unknown) => {
    // What became of it shows when the keys are read.
    if (isEtcdError(error, 'lost')) return false;
    throw error;
  });
  if (!created) await overwrite(v3, owner, entries);
}

async function overwrite(v3: EtcdV3, owner: Ownership, entries: readonly Entry[]): Promise<void> {
  for (let attempt = 0; attempt < CONFLICT_TRIES; attempt++) {
    await owner.check();
    const stored = await v3.getMany(entries.map(({ key }) => key));
    const changes = entries.map((entry, index) => ({ ...entry, stored: stored[index] })).filter((entry) => !sameButStamp(entry.stored?.value, entry.value));
    if (changes.length === 0) return;
    const guards = changes.map((change) => ({ key: change.key, modRevision: change.stored?.modRevision ?? '0' }));
    if (await v3.commit({ guards: [owner.guard, ...guards], puts: changes })) return;
  }
  const others = entries.length > 1 ? ` and ${entries.length - 1} more keys` : '';
  throw new MigrationError('transient', `somebody else keeps changing ${entries[0]?.key}${others} of the v3 datastore; stop v3 components, then run it again`);
}

/** Of API objects; IPAM data have no stamp. */
function sameButStamp(stored: string | undefined, value: string): boolean {
  return stored !== undefined && (stored === value || withoutStamp(stored) === withoutStamp(value));
}

function withoutStamp(value: string): string {
  const object = JSON.parse(value) as { metadata?: Record<string, unknown> };
  if (object.metadata) {
    delete object.metadata['uid'];
    delete object.metadata['creationTimestamp'];
  }
  return JSON.stringify(object);
}
