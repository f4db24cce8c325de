import { convertWhole } from '../../src/calico/migration/convert-whole.ts';
import type { V1Entry } from '../../src/calico/migration/model.ts';
import { storedObject } from '../../src/calico/migration/storage.ts';
import type { EtcdV2 } from '../../src/etcd/v2.ts';
import type { EtcdV3 } from '../../src/etcd/v3.ts';

/** Writes a v1 cluster, some keys at a time. */
export async function fillV1(v2: EtcdV2, entries: Iterable<V1Entry>): Promise<void> {
  const iterator = entries[Symbol.iterator]();
  const writer = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await v2.write(next.value.path, next.value.value);
  };
  await Promise.all(Array.from({ length: 16 }, writer));
}

/** Removes everything of Calico's and of ours, on both sides. With the directories: an empty one below `/calico/v1/host` is a node. */
export async function wipe(endpoint: string, v3: EtcdV3): Promise<void> {
  await fetch(`${endpoint}/v2/keys/calico?recursive=true`, { method: 'DELETE' });
  for (const prefix of ['/calico/', '/hookwave/']) for await (const { key, modRevision } of v3.list(prefix)) await v3.commit({ guards: [{ key, modRevision }], removes: [key] });
}

/** Everything of Calico's in the v3 datastore, by key; uid and time of creation, which differ from run to run, are left out. */
export async function v3Data(v3: EtcdV3): Promise<Readonly<Record<string, unknown>>> {
  const data: Record<string, unknown> = {};
  for await (const { key, value } of v3.list('/calico/')) data[key] = unstamped(value);
  return data;
}

/** What a migration of these entries writes. */
export function expectedV3(entries: readonly V1Entry[]): Readonly<Record<string, unknown>> {
  const data: Record<string, unknown> = {};
  for (const outcome of convertWhole(entries, { datastore: 'etcd' })) {
    if (outcome.is !== 'converted') continue;
    const { key, value } = storedObject(outcome.object, { uid: '', creationTimestamp: '' });
    data[key] = unstamped(value);
  }
  return data;
}

function unstamped(value: string): unknown {
  const object = JSON.parse(value) as { metadata?: Record<string, unknown> };
  if (object.metadata) {
    delete object.metadata['uid'];
    delete object.metadata['creationTimestamp'];
  }
  return object;
}
