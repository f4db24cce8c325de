import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { cmp, type CmpOutput } from '../../../src/cli/cmp.ts';

const root = join(import.meta.dirname, '../../..');
let folder = '';
let spec = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookwave-cmp-'));
  await cp(join(root, 'examples/calico-manifest'), folder, { recursive: true });
  spec = await readFile(join(folder, 'hookwave.yaml'), 'utf8');
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs a command; messages name the file as if it ran in the folder. */
async function run(what: CmpOutput, parameters?: readonly object[]) {
  const result = { out: '', err: '' };
  const io = { out: (text: string) => void (result.out += text), err: (text: string) => void (result.err += text), interactive: false };
  const code = await cmp({ what, file: join(folder, 'hookwave.yaml'), parameters: parameters && JSON.stringify(parameters) }, io);
  return { code, out: result.out, err: result.err.replaceAll(`${folder}/`, '') };
}

const parsed = (text: string) => parseAllDocuments(text).map((document) => document.toJS());

test('what is printed is what synth writes, twice the same', async () => {
  const first = await run('generate');
  const names = ['1-preflight', '2-prepare', '3-upgrade-calico', '3-upgrade', '4-verify', '5-cleanup', '6-rescue'];
  const committed = await Promise.all(names.map((name) => readFile(join(root, `synth/calico-manifest/argo/calico/${name}.yaml`), 'utf8')));
  expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: '' });
  expect(first.out).toBe(committed.join(''));
  expect(await run('generate')).toEqual(first);
});

test('parameters of the Application go before the file', async () => {
  const { out } = await run('generate', [{ name: 'overlays.env', map: { CALICO_IPV4POOL_CIDR: '10.1.0.0/16' } }, { name: 'runner.image', string: 'registry.example.com/runner:1' }]);
  const daemonSet = parsed(out).find(({ kind }) => kind === 'DaemonSet');
  expect(daemonSet.spec.template.spec.containers[0].env).toContainEqual({ name: 'CALICO_IPV4POOL_CIDR', value: '10.1.0.0/16' });
  expect(out).toContain('image: registry.example.com/runner:1');
  expect(out).not.toContain('docker.io/hookwave/runner');
});

test('every problem of file and parameters stands in one line, with where it comes from; nothing is printed', async () => {
  await writeFile(join(folder, 'hookwave.yaml'), spec.replace('to: v3.32.1', 'to: latest'));
  const { code, out, err } = await run('generate', [{ name: 'deadlines.rollout', string: 'an hour' }, { name: 'hostEndpoints.guard', string: 'yes' }, { name: 'from', string: 'v3.1.0' }]);
  expect({ code, out, lines: err.split('\n').length }).toEqual({ code: 2, out: '', lines: 2 });
  expect(err).toMatch(/^4 problems in the input: \[1\] parameter from: is no parameter/);
  for (const part of ['hookwave.yaml:7 spec.to: is not a release (fix: ', 'parameter deadlines.rollout: is not a duration (fix: ', 'parameter hostEndpoints.guard: ']) expect(err).toContain(part);
});

test('what is found only with the files in hand names the parameter too', async () => {
  await writeFile(join(folder, 'hookwave.yaml'), spec.replace('vendor/calico.yaml', 'vendor/gone.yaml'));
  expect((await run('generate')).err).toBe('hookwave.yaml:8 spec.install.manifest: names vendor/gone.yaml, which does not exist (fix: store it with `hookwave vendor URL --as vendor/gone.yaml`)\n');
});

test('a folder without a spec is one line too', async () => {
  await rm(join(folder, 'hookwave.yaml'));
  for (const what of ['generate', 'parameters'] as const) {
    expect(await run(what)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^hookwave\.yaml: does not exist \(fix: .*\n$/) });
  }
});

test('of several specs one is chosen by parameter `spec`; a broken neighbour does not matter', async () => {
  const alone = (await run('generate')).out;
  await writeFile(join(folder, 'hookwave.yaml'), `${spec}---\n${spec.replace('name: calico', 'name: other').replace('v3.13.4', 'never')}`);
  expect((await run('generate')).err).toMatch(/^hookwave\.yaml: holds 2 specs \(calico, other\), and an Application takes one \(fix: set parameter `spec`.*\n$/);
  expect((await run('generate', [{ name: 'spec', string: 'calico' }])).out).toBe(alone);
  expect((await run('generate', [{ name: 'spec', string: 'nobody' }])).err).toBe('parameter spec: is "nobody", and hookwave.yaml holds no such spec (fix: use one of calico, other)\n');
});

test('parameters are announced with what holds without them: the value of the file, else the default', async () => {
  await writeFile(join(folder, 'hookwave.yaml'), `${spec}  deadlines: {rollout: 90m}\n  overlays: {env: {A: b}}\n`);
  const { code, out, err } = await run('parameters');
  const announced: { name: string; tooltip: string }[] = JSON.parse(out);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(announced).toContainEqual(expect.objectContaining({ name: 'deadlines.rollout', collectionType: 'string', string: '90m' }));
  expect(announced).toContainEqual(expect.objectContaining({ name: 'deadlines.stall', string: '10m' }));
  expect(announced).toContainEqual(expect.objectContaining({ name: 'overlays.env', collectionType: 'map', map: { A: 'b' } }));
  expect(announced).toContainEqual(expect.objectContaining({ name: 'hostEndpoints.guard', itemType: 'boolean', string: 'true' }));
  expect(announced.map(({ name }) => name)).not.toContain('to');
  expect(announced.filter(({ tooltip }) => tooltip === '')).toEqual([]);
});
