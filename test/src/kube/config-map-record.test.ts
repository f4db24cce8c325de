import { expect, test } from 'vitest';
import { configMapRecord } from '../../../src/kube/config-map-record.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import type { ConfigMap } from '../../../src/kube/record-config-map.ts';
import { emptyRecord } from '../../../src/plan/record.ts';
import { fakeCluster, type FakeCluster } from '../../fake-cluster.ts';
import { manualClock } from '../../fake-context.ts';

const identity = { upgrade: 'calico', namespace: 'hooks' };

function storeOn(cluster: FakeCluster) {
  return configMapRecord({ cluster, identity, clock: manualClock(0, 'auto'), signal: new AbortController().signal });
}

function stored(data: Record<string, string>): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hookwave-calico', namespace: 'hooks', labels: { mine: 'yes' } }, data };
}

const oneMore = (record: ReturnType<typeof emptyRecord>) => ({ ...record, takeOvers: record.takeOvers + 1 });

test('no ConfigMap is an empty record', async () => {
  expect(await storeOn(fakeCluster()).read()).toEqual({ record: emptyRecord('calico'), approvals: [] });
});

test('the first change creates it with labels, the next replaces it and keeps foreign keys and labels', async () => {
  const cluster = fakeCluster();
  await storeOn(cluster).update(oneMore);
  const made = cluster.find<ConfigMap>('ConfigMap', 'hookwave-calico', 'hooks');
  expect(made.metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'hookwave', 'hookwave.dev/upgrade': 'calico' });
  cluster.put({ ...made, metadata: { ...made.metadata, labels: { ...made.metadata.labels, mine: 'yes' } }, data: { ...made.data, note: 'text' } });
  await storeOn(cluster).update(oneMore);
  const changed = cluster.find<ConfigMap>('ConfigMap', 'hookwave-calico', 'hooks');
  expect([changed.metadata.labels?.['mine'], changed.data?.['note']]).toEqual(['yes', 'text']);
  expect((await storeOn(cluster).read()).record.takeOvers).toBe(2);
  expect(cluster.writes.map(({ verb }) => verb)).toEqual(['create', 'replace']);
});

test('nothing changed is nothing written, also when the change builds an equal record', async () => {
  const cluster = fakeCluster();
  const store = storeOn(cluster);
  await store.update((record) => record);
  await store.update((record) => ({ ...record }));
  expect(cluster.writes).toEqual([]);
});

test('a conflict reads again, so that no change is lost', async () => {
  const cluster = fakeCluster([stored({})]);
  let interferences = 0;
  cluster.onWrite = () => {
    if (interferences++ >= 2) return;
    cluster.put(stored({ 'record.json': JSON.stringify({ ...emptyRecord('calico'), takeOvers: 10 * interferences }) }));
  };
  expect((await storeOn(cluster).update(oneMore)).takeOvers).toBe(21);
});

test('two that create it at once both count', async () => {
  const cluster = fakeCluster();
  await Promise.all([storeOn(cluster).update(oneMore), storeOn(cluster).update(oneMore)]);
  expect((await storeOn(cluster).read()).record.takeOvers).toBe(2);
});

test('other errors are thrown, and endless conflicts end', async () => {
  const cluster = fakeCluster([stored({})]);
  let calls = 0;
  cluster.onWrite = () => {
    calls++;
    throw new ApiError(409, 'Conflict', 'moved');
  };
  await expect(storeOn(cluster).update(oneMore)).rejects.toThrow('moved');
  expect(calls).toBe(10);
  cluster.onWrite = () => {
    throw new ApiError(403, 'Forbidden', 'no right');
  };
  await expect(storeOn(cluster).update(oneMore)).rejects.toThrow('no right');
});

test('a newer schema, broken JSON and a wrong shape are refused, and never overwritten', async () => {
  for (const [data, message] of [
    [{ 'record.json': '{"schema":2}' }, /schema 2.*use the release that wrote it/],
    [{ 'record.json': '{"schema":' }, /ConfigMap hooks\/hookwave-calico, key record.json, holds no JSON object/],
    [{ 'record.json': '7' }, /holds no JSON object/],
    [{ 'approvals.json': '{}' }, /approvals.json, is no list/],
  ] as const) {
    const cluster = fakeCluster([stored(data)]);
    await expect(storeOn(cluster).read()).rejects.toThrow(message);
    await expect(storeOn(cluster).update(oneMore)).rejects.toThrow(message);
    expect(cluster.writes).toEqual([]);
  }
});

test('an approval is added beside the record; the same again replaces it', async () => {
  const cluster = fakeCluster();
  const store = storeOn(cluster);
  await store.update(oneMore);
  await store.approve({ what: 'retry', plan: 'p', by: 'ann', at: '2026-01-01T00:00:00Z' });
  await store.approve({ what: 'cleanup', plan: 'p', by: 'ann', at: '2026-01-01T00:00:00Z' });
  await store.approve({ what: 'retry', plan: 'p', by: 'bob', at: '2026-01-02T00:00:00Z' });
  const { record, approvals } = await store.read();
  expect(record.takeOvers).toBe(1);
  expect(approvals.map(({ what, by }) => `${what} ${by}`)).toEqual(['cleanup ann', 'retry bob']);
});
