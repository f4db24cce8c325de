import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommandFailed } from '../../../src/cli/io.ts';
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

test('a file that stays as it is is not written again', async () => {
  const other = { name: 'b.yaml', text: `# ${GENERATED}\nold: 1\n` };
  await writeFolders([{ path: folder, files: [generated('a.yaml'), other] }]);
  const before = await stat(join(folder, 'a.yaml'));
  await writeFolders([{ path: folder, files: [generated('a.yaml'), { ...other, text: `# ${GENERATED}\nnew: 1\n` }] }]);
  const after = await stat(join(folder, 'a.yaml'));
  expect([after.ino, after.mtimeMs, after.nlink]).toEqual([before.ino, before.mtimeMs, 1]);
  expect(await readFile(join(folder, 'b.yaml'), 'utf8')).toBe(`# ${GENERATED}\nnew: 1\n`);
});

test('a link to a folder stays one, and what it leads to is replaced', async () => {
  const target = join(folder, '../elsewhere/out');
  await writeFolders([{ path: target, files: [generated('old.yaml')] }]);
  await symlink('elsewhere/out', folder);
  for (const [path, name] of [[folder, 'a.yaml'], [`${folder}/`, 'b.yaml']] as const) {
    await writeFolders([{ path, files: [generated(name)] }]);
    expect((await lstat(folder)).isSymbolicLink()).toBe(true);
    expect(await readdir(target)).toEqual([name]);
  }
  expect(await readdir(join(target, '..'))).toEqual(['out']);
});

test('others may read the folder as far as the user lets them', async () => {
  await writeFolders([{ path: folder, files: [generated('a.yaml')] }]);
  expect((await stat(folder)).mode & 0o777).toBe(0o777 & ~process.umask());
});

test('what a killed run has left beside the folder goes; a folder that it had moved away comes back first', async () => {
  const above = join(folder, '..');
  for (const name of ['.out-abc123', '.out-Def456', '.out-Def456.old']) await mkdir(join(above, name));
  await writeFile(join(above, '.out-Def456.old/mine.yaml'), 'kind: Mine\n');
  await mkdir(join(above, '.out-of-others'));

  await expect(writeFolders([{ path: folder, files: [generated('a.yaml')] }])).rejects.toThrow(InvalidInput);

  expect((await readdir(above)).sort()).toEqual(['.out-of-others', 'out']);
  expect(await filesIn()).toEqual(['mine.yaml']);
});

test('where writing fails half-way, what was there stays, and nothing is left beside it', async () => {
  await writeFolders([{ path: folder, files: [generated('old.yaml')] }]);
  function* files() {
    yield generated('new.yaml');
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  }
  await expect(writeFolders([{ path: folder, files: files() }])).rejects.toThrow("the output can't be written: ENOSPC: no space left on device; name another folder with -o DIR");
  expect(await filesIn()).toEqual(['old.yaml']);
  expect(await readdir(join(folder, '..'))).toEqual(['out']);
});

test('a file in the place of the folder is said to be in the way, and stays', async () => {
  await writeFile(folder, 'mine');
  await expect(writeFolders([{ path: folder, files: [generated('a.yaml')] }])).rejects.toThrow(CommandFailed);
  expect((await readdir(join(folder, '..'))).sort()).toEqual(['out']);
});

test.skipIf(!existsSync('/proc/self'))('a place where no folder can be made is refused at once (needs /proc)', async () => {
  const attempt = writeFolders([{ path: '/proc/nope/out', files: [generated('a.yaml')] }]);
  await expect(attempt).rejects.toThrow(/can't be written: .*\/proc\/nope.*name another folder with -o DIR/);
});

test('Ctrl-C in the middle waits for the last folder', async () => {
  const root = join(import.meta.dirname, '../../..');
  const program = `
    import { writeFolders } from ${JSON.stringify(join(root, 'src/cli/write-folders.ts'))};
    const folders = Array.from({ length: 100 }, (_, index) => ({ path: ${JSON.stringify(folder)} + '/' + index, files: [{ name: 'a.yaml', text: '# ${GENERATED}\\n' }] }));
    const written = writeFolders(folders);
    process.kill(process.pid, 'SIGINT');
    await written;
    setTimeout(() => process.exit(3), 5000);`;
  const signal = await new Promise((resolve) => {
    execFile('node', ['--import', join(root, 'bench/load-typescript.mjs'), '--input-type=module', '--eval', program], (error) => resolve(error?.signal));
  });
  expect(signal).toBe('SIGINT');
  expect((await readdir(folder)).toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 100 }, (_, index) => String(index)));
});
