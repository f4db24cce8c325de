import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { kinds } from '../../../charts/index.ts';
import { init } from '../../../src/cli/init.ts';
import { WrongArgument } from '../../../src/cli/io.ts';
import { parseSpecs } from '../../../src/spec/parse.ts';
import { RUNNER_IMAGE, VERSION } from '../../../src/version.ts';

const folder = await mkdtemp(join(tmpdir(), 'hookwave-init-'));
afterAll(() => rm(folder, { recursive: true }));

const VALUES: Readonly<Record<string, string>> = { '<FROM>': 'v3.13.4', '<TO>': 'v3.32.1', '<IMAGE>': 'quay.io/calico/node:v3.1.7' };
const fill = (text: string): string => text.replaceAll(/<[A-Z]+>/g, (placeholder) => VALUES[placeholder] ?? placeholder);

test.each(kinds.map(({ kind }) => kind))('init %s writes a spec that is right when it is filled in, with every comment or without', async (kind) => {
  const said: string[] = [];
  const file = join(folder, `${kind}.yaml`);
  await init({ kind, file }, { out: () => {}, err: (text) => void said.push(text), interactive: false });
  const text = await readFile(file, 'utf8');

  expect(parseSpecs(file, fill(text), kinds).problems).toEqual([]);
  const everything = fill(text).replaceAll(/^ {2}# /gm, '  ').replaceAll(/^ {2}#( +\S)/gm, ' $1');
  const { specs, problems } = parseSpecs(file, everything, kinds);
  expect(problems).toEqual([]);
  expect(specs[0]?.spec).toMatchObject({ runner: { image: `registry.example.com/hookwave/runner:v${VERSION}` } });
  expect(said.join('')).toContain(`The hooks will run ${RUNNER_IMAGE}`);
});

const silent = { out: () => {}, err: () => {}, interactive: false };

test('init makes the folder of the file, and leaves what is there', async () => {
  const file = join(folder, 'clusters/north/hookwave.yaml');
  await init({ kind: 'calicoupgrade', file }, silent);
  expect(await readFile(file, 'utf8')).toContain('kind: CalicoUpgrade');
  await expect(init({ kind: 'CalicoUpgrade', file }, silent)).rejects.toThrow(/exists already; name another file/);
});

test('init names the commands for the file that it has written', async () => {
  const said: string[] = [];
  const file = join(folder, 'south/migration.yaml');
  await init({ kind: 'CalicoDatastoreMigration', file }, { ...silent, err: (text) => void said.push(text) });
  expect(said[0]).toContain(`\`hookwave vendor -C ${folder}/south URL\`, then run \`hookwave plan -f ${file}\`\n`);
});

test('init says what is wrong with a kind, and with a place that cannot be', async () => {
  await expect(init({ kind: 'Calico', file: join(folder, 'x.yaml') }, silent)).rejects.toThrow(WrongArgument);
  await writeFile(join(folder, 'file'), '');
  await expect(init({ kind: 'CalicoUpgrade', file: join(folder, 'file/x.yaml') }, silent)).rejects.toThrow(/can't be written: .*name another file with -f FILE/);
});
