import { App } from 'cdk8s';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CalicoUpgrade, argo, InvalidInput, type CalicoUpgradeSpec } from '../../../src/index.ts';
import { kinds } from '../../../charts/index.ts';
import { loadSpecs } from '../../../src/spec/load.ts';
import { synthesize } from '../../../src/cli/synthesize.ts';

const EXAMPLE = join(import.meta.dirname, '../../../examples/calico-manifest');
const PATH = 'vendor/calico.yaml';
const files = { [PATH]: readFileSync(join(EXAMPLE, PATH), 'utf8') };
const spec: CalicoUpgradeSpec = { from: 'v3.13.4', to: 'v3.32.1', install: { type: 'manifest', datastore: 'kubernetes', manifest: PATH } };

function problemsOf(build: () => unknown): InvalidInput {
  try {
    build();
  } catch (error) {
    if (error instanceof InvalidInput) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('a spec in TypeScript gives the same files as the same spec in YAML', async () => {
  const [loaded] = await loadSpecs(join(EXAMPLE, 'hookwave.yaml'), kinds);
  const files_ = argo(new CalicoUpgrade(new App(), 'calico', { spec, files }));
  expect(files_).toEqual(synthesize(loaded!, 'argo'));
});

test('all problems of the spec come at once, with their paths and what to do', () => {
  const { problems, message } = problemsOf(() => new CalicoUpgrade(new App(), 'Calico', { spec: { ...spec, from: '3.13', deadlines: { rollout: '2 hours' } }, files }));
  expect(problems.map(({ path }) => path)).toEqual(['metadata.name', 'spec.from', 'spec.deadlines.rollout']);
  expect(message).toContain('CalicoUpgrade Calico spec.from: is not a release\n    fix: ');
});

test('a file that is not passed, and one of another release, are problems of the spec', () => {
  const missing = problemsOf(() => new CalicoUpgrade(new App(), 'calico', { spec, files: {} }));
  expect(missing.problems).toEqual([{ file: 'CalicoUpgrade calico', path: 'spec.install.manifest', message: `names ${PATH}, which is not among the files`, fix: `pass its text: files: { '${PATH}': readFileSync('${PATH}', 'utf8') }` }]);
  const other = problemsOf(() => new CalicoUpgrade(new App(), 'calico', { spec: { ...spec, to: 'v3.31.0' }, files }));
  expect(other.problems[0]).toMatchObject({ path: 'spec.install.manifest' });
});
