import { randomUUID } from 'node:crypto';
import type { Stamp } from '../../calico/migration/storage.ts';

/** For an object that is made now. */
export function newStamp(): Stamp {
  return { uid: randomUUID(), creationTimestamp: `${new Date().toISOString().slice(0, 19)}Z` };
}
