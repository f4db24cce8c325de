import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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

test('bytes that are no UTF-8 are refused, and the file stays as it is', async () => {
  const file = join(folder, 'vendor/latin.yaml');
  const bytes = Buffer.from(`# caf\u00e9\n${MANIFEST}`, 'latin1');
  await writeFile(file, bytes);
  await expect(store(undefined, file)).rejects.toThrow(/latin\.yaml is not UTF-8 text/);
  expect(await readFile(file)).toEqual(bytes);
});

test('a URL with a password is refused without repeating it', async () => {
  const attempt = store(undefined, 'https://me:hunter2@example.invalid/a.yaml');
  await expect(attempt).rejects.toThrow(/holds a user name or a password/);
  await attempt.catch((error: Error) => expect(error.message).not.toContain('hunter2'));
});
