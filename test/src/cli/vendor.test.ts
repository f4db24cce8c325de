import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { vendor } from '../../../src/cli/vendor.ts';

const silent = { out: () => {}, err: () => {}, interactive: false };
const MANIFEST = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
let above: string;
let folder: string;

beforeEach(async () => {
  above = await mkdtemp(join(tmpdir(), 'hookwave-vendor-'));
  folder = join(above, 'spec');
  await mkdir(join(folder, 'vendor'), { recursive: true });
  await writeFile(join(folder, 'hookwave.yaml'), 'the spec\n');
  await writeFile(join(above, 'a.yaml'), MANIFEST);
});
afterEach(() => rm(above, { recursive: true }));

const store = (as?: string, source = join(above, 'a.yaml')) => vendor({ source, directory: folder, ...(as === undefined ? {} : { as }) }, silent);

test('a file from elsewhere is stored and pinned', async () => {
  await store('vendor/b.yaml');
  expect(await readFile(join(folder, 'vendor/b.yaml'), 'utf8')).toBe(MANIFEST);
  expect(await readFile(join(folder, 'hookwave.lock'), 'utf8')).toMatch(/vendor\/b\.yaml:\n {4}source: a\.yaml\n {4}sha256: [0-9a-f]{64}\n/);
});

test.each([
  ['vendor/../../b.yaml', /is not a file below/],
  ['/b.yaml', /is not a file below/],
  ['..', /is not a file below/],
  ['vendor', /is not a file below/],
  ['vendor/', /is not a file below/],
  ['vendor/../hookwave.yaml', /hookwave's own file/],
  ['hookwave.lock', /hookwave's own file/],
])('--as %s is refused, and nothing is written', async (as, message) => {
  const before = (await readdir(above, { recursive: true })).sort();
  await expect(store(as)).rejects.toThrow(message);
  expect((await readdir(above, { recursive: true })).sort()).toEqual(before);
  expect(await readFile(join(folder, 'hookwave.yaml'), 'utf8')).toBe('the spec\n');
});

test('a place that is a folder is refused, and nothing is left behind', async () => {
  await mkdir(join(folder, 'vendor/b.yaml'));
  await expect(store('vendor/b.yaml')).rejects.toThrow(/can't be written/);
  expect(await readdir(join(folder, 'vendor'))).toEqual(['b.yaml']);
});

test('a folder of the spec that is not there is refused, not made', async () => {
  await expect(vendor({ source: join(above, 'a.yaml'), directory: join(above, 'typo') }, silent)).rejects.toThrow(/typo is no folder; -C names the folder of the spec/);
  await expect(vendor({ source: '', directory: folder }, silent)).rejects.toThrow(/the source is empty/);
  expect((await readdir(above)).sort()).toEqual(['a.yaml', 'spec']);
});

test('a lock file that is a folder is named, and nothing is written', async () => {
  await mkdir(join(folder, 'hookwave.lock'));
  await expect(store('vendor/b.yaml')).rejects.toThrow(/hookwave\.lock is a folder; move it away/);
  expect(await readdir(join(folder, 'vendor'))).toEqual([]);
});

test('bytes that are no UTF-8 are refused, and the file stays as it is', async () => {
  const file = join(folder, 'vendor/latin.yaml');
  const bytes = Buffer.from(`# caf\u00e9\n${MANIFEST}`, 'latin1');
  await writeFile(file, bytes);
  await expect(store(undefined, file)).rejects.toThrow(/latin\.yaml is not UTF-8 text/);
  expect(await readFile(file)).toEqual(bytes);
});

test.each([
  ['between others', `${MANIFEST}---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\ndata:\n  a: "open\n---\n${MANIFEST}`, /is no Kubernetes manifest: line 11: missing closing "quote/],
  ['a list that stays open', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\ndata: {a: [}\n', /is no Kubernetes manifest: line 5: /],
  ['an alias to nothing in its identity', 'apiVersion: v1\nkind: ConfigMap\nmetadata: *nowhere\n', /is no Kubernetes manifest: line 1: unresolved alias/],
  ['a List', 'apiVersion: v1\nkind: List\nitems: []\n', /is no Kubernetes manifest: line 1: a List: give each of its items a document of its own/],
  ['an alias to nothing', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\ndata: {a: *nowhere}\n', /is no Kubernetes manifest: line 1: unresolved alias/],
])('a document that is no YAML is found before it is pinned: %s', async (_where, manifest, message) => {
  await writeFile(join(above, 'a.yaml'), manifest);
  await expect(store()).rejects.toThrow(message);
  expect(await readdir(folder)).not.toContain('hookwave.lock');
});

test('a key that occurs twice, as kubectl takes it, is no reason to refuse a manifest', async () => {
  await writeFile(join(above, 'a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\ndata: {a: x, a: y}\n');
  await store();
  expect(await readdir(folder)).toContain('hookwave.lock');
});

describe('a URL with secrets', () => {
  const asked: (readonly [url: string | undefined, authorization: string | undefined])[] = [];
  const server = createServer(({ url, headers }, response) => {
    asked.push([url, headers.authorization]);
    response.writeHead(url?.startsWith('/gone') ? 404 : 200).end(url?.startsWith('/bad') ? 'no manifest: [' : MANIFEST);
  });
  let host: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('is asked for with them, and nothing that is written or said has them', async () => {
    const said: string[] = [];
    await vendor({ source: `http://me:hunter%3A2@${host}/a.yaml?token=s3cret#also`, directory: folder }, { ...silent, err: (text) => void said.push(text) });
    expect(asked.at(-1)).toEqual(['/a.yaml?token=s3cret', `Basic ${Buffer.from('me:hunter:2').toString('base64')}`]);
    const lock = await readFile(join(folder, 'hookwave.lock'), 'utf8');
    expect(lock).toContain(`source: http://${host}/a.yaml\n`);
    expect(`${lock}${said.join('')}`).not.toMatch(/s3cret|hunter|also|me:/);
  });

  test.each(['gone.yaml', 'bad.yaml'])('that gives no manifest (%j) is refused without repeating them', async (path) => {
    const attempt = vendor({ source: `http://me:hunter2@${host}/${path}?token=s3cret`, directory: folder, as: 'vendor/x.yaml' }, silent);
    await expect(attempt).rejects.toThrow();
    await attempt.catch((error: Error) => expect(error.message).not.toMatch(/hunter2|s3cret/));
  });

  test('that is none is refused without repeating it', async () => {
    await expect(store(undefined, 'https://me:hunter2@[nowhere/a.yaml')).rejects.toThrow(/^that is not a URL/);
  });
});
