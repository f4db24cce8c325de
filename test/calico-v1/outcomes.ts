import { convertWhole } from '../../src/calico/migration/convert-whole.ts';
import type { Outcome, V1Entry, V3Resource } from '../../src/calico/migration/model.ts';
import { v1Path, type V1Key } from '../../src/calico/migration/v1/keys.ts';

/** A leaf of an etcd v2 datastore; values other than text are written as JSON. */
export function leaf(key: V1Key | string, value: unknown): V1Entry {
  return { path: typeof key === 'string' ? key : v1Path(key), value: typeof value === 'string' ? value : JSON.stringify(value) };
}

export function outcomesOf(...entries: readonly V1Entry[]): readonly Outcome[] {
  return [...convertWhole(entries, { datastore: 'etcd' })];
}

/** Outcomes apart from the Nodes that hosts are as soon as anything of theirs exists. */
export function outcomesBesideNodes(...entries: readonly V1Entry[]): readonly Outcome[] {
  return outcomesOf(...entries).filter((one) => !(one.is === 'converted' && one.v3.startsWith('Node(')));
}

export function resourcesIn(outcomes: readonly Outcome[]): readonly V3Resource[] {
  return outcomes.flatMap((one) => (one.is === 'converted' && one.object.is === 'resource' ? [one.object.resource] : []));
}
