import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCrdsEstablish } from '../../../../src/steps/common/crds-establish.run.ts';
import { fakeCluster } from '../../../fake-cluster.ts';
import { fakeContext } from '../../../fake-context.ts';

const outline = (name: string) => ({ name: `${name}.example.com`, group: 'example.com', names: { kind: name, plural: name }, scope: 'Cluster', versions: [{ name: 'v1', served: true, storage: true }] });
const crd = (name: string, established: boolean) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${name}.example.com` },
  status: { conditions: [{ type: 'Established', status: established ? 'True' : 'False' }] },
});
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookwave-crds-'));
  file = join(folder, 'crds.json');
  await writeFile(file, JSON.stringify([outline('old'), outline('new')]));
});
afterEach(() => rm(folder, { recursive: true }));

test('what is established already is left alone', async () => {
  const cluster = fakeCluster([crd('old', true), crd('new', true)]);
  const result = await runCrdsEstablish({ file }, fakeContext(cluster));
  expect(result.outcome).toBe('already');
  expect(cluster.writes).toEqual([]);
});

test('a missing one is created with a schema that loses nothing, and is waited for', async () => {
  const cluster = fakeCluster([crd('old', true)]);
  const abort = new AbortController();
  const run = runCrdsEstablish({ file }, fakeContext(cluster, { signal: abort.signal }));
  abort.abort(new Error('the deadline'));
  expect(await run).toEqual({
    outcome: 'failed',
    exitCode: 20,
    message: 'the API server has not established new.example.com: the API server has said nothing of it yet',
    next: 'mend what it complains of, such as another definition that has the same names; the next run looks again',
  });
  expect(cluster.writes.map(({ verb, name }) => `${verb} ${name}`)).toEqual(['create new.example.com']);
});

test('one that the API server refuses is named at the deadline, with its reason', async () => {
  const clash = { ...crd('new', false), status: { conditions: [{ type: 'NamesAccepted', status: 'False', message: '"new" is already in use' }, { type: 'Established', status: 'False' }] } };
  const abort = new AbortController();
  const run = runCrdsEstablish({ file }, fakeContext(fakeCluster([crd('old', true), clash]), { signal: abort.signal }));
  abort.abort(new Error('the deadline'));
  expect(await run).toMatchObject({ exitCode: 20, message: 'the API server has not established new.example.com: NamesAccepted: "new" is already in use, Established' });
});
