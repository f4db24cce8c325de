import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFolders } from '../../../src/cli/write-folders.ts';
import { GENERATED } from '../../../src/sequencers/output.ts';
import { InvalidInput } from '../../../src/spec/problem.ts';

let folder = '';
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'hookwave-write-')), 'out');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const generated = (name: string) => ({ name, text: `# ${GENERATED}\n` });
const filesIn = async (): Promise<readonly string[]> => (await readdir(folder, { recursive: true })).sort();

test('a folder is replaced whole, folders below it included', async () => {
  await writeFolders([{ path: folder, files: [generated('a.yaml'), generated('templates/tests/old.yaml')] }]);
  await writeFolders([{ path: folder, files: [{ name: 'values.schema.json', text: `{\n  "$comment": "${GENERATED}"\n}\n` }, generated('templates/new.yaml')] }]);
  await writeFolders([{ path: folder, files: [generated('templates/new.yaml')] }]);
  expect(await filesIn()).toEqual(['templates', 'templates/new.yaml']);
});

test.each(['mine.yaml', 'templates/mine.yaml'])('a file of somebody else, %s, stops it before anything is written', async (name) => {
  await mkdir(join(folder, 'templates'), { recursive: true });
  await writeFile(join(folder, name), 'kind: Mine\n');
  const attempt = writeFolders([{ path: folder, files: [generated('a.yaml')] }]);
  await expect(attempt).rejects.toThrow(InvalidInput);
  await attempt.catch((error: unknown) => expect((error as InvalidInput).problems.map(({ file }) => file)).toEqual([join(folder, name)]));
  expect(await filesIn()).toEqual([...new Set(['templates', name])].sort());
});
