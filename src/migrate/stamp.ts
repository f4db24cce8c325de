import { randomUUID } from 'node:crypto';
import type { Stamp } from '../calico/migration/storage.ts';

/** For an object that is made now. */
export function newStamp(): Stamp {
  const second = Math.floor(Date.now() / 1000);
  if (second !== last.second) last = { second, text: `${new Date(second * 1000).toISOString().slice(0, 19)}Z` };
  return { uid: randomUUID(), creationTimestamp: last.text };
}

/** Written once a second: a migration makes some ten thousand objects in one. */
let last = { second: 0, text: '' };
