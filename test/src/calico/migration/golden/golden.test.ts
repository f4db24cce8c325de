import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { convertWhole } from '../../../../../src/calico/migration/convert-whole.ts';
import { isFailure, type Outcome, type V1Entry } from '../../../../../src/calico/migration/model.ts';
import { REPORTS, reportEntry } from '../../../../../src/calico/migration/reports.ts';
import { storedObject } from '../../../../../src/calico/migration/storage.ts';

const STAMP = { uid: '00000000-0000-4000-8000-000000000000', creationTimestamp: '2018-05-01T10:00:00Z' };

function fixture(name: string): readonly V1Entry[] {
  const keys = parse(readFileSync(join(import.meta.dirname, `${name}.yaml`), 'utf8')) as Readonly<Record<string, unknown>>;
  return Object.entries(keys).map(([path, value]) => ({ path, value: typeof value === 'string' ? value : JSON.stringify(value) }));
}

/** Every stored key with its value, in the order of storage. */
function storedText(outcomes: readonly Outcome[]): string {
  const stored = outcomes.flatMap((one) => (one.is === 'converted' ? [storedObject(one.object, STAMP)] : []));
  return stored.map(({ key, value }) => stringify({ [key]: JSON.parse(value) as unknown }, { lineWidth: 0 })).join('\n');
}

function reportText(outcomes: readonly Outcome[]): string {
  const entries = outcomes.flatMap((one) => reportEntry(one, (resource) => stringify(resource, { sortMapEntries: true })) ?? []);
  return REPORTS.map(({ file }) => `===== ${file}\n${entries.filter((one) => one.file === file).map(({ text }) => text).join('')}`).join('\n');
}

test('a believable cluster of Calico 2.6 is converted as a reviewer has read it', async () => {
  const outcomes = [...convertWhole(fixture('cluster'), { datastore: 'etcd' })];
  expect(outcomes.filter(isFailure)).toEqual([]);
  await expect(storedText(outcomes)).toMatchFileSnapshot('cluster.stored.yaml');
  await expect(reportText(outcomes)).toMatchFileSnapshot('cluster.reports.txt');
});

test('what is wrong in a v1 datastore is reported as a reviewer has read it', async () => {
  const outcomes = [...convertWhole(fixture('troubled'), { datastore: 'etcd' })];
  await expect(reportText(outcomes)).toMatchFileSnapshot('troubled.reports.txt');
});

test('the order of the leaves makes no difference', () => {
  const entries = fixture('cluster');
  expect([...convertWhole(entries.toReversed(), { datastore: 'etcd' })]).toEqual([...convertWhole(entries, { datastore: 'etcd' })]);
});
