import { build } from 'esbuild';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '../../..');

test('the library needs exactly what package.json makes an app install: cdk8s and constructs of the app itself, the rest as dependencies', async () => {
  const { metafile } = await build({ absWorkingDir: ROOT, entryPoints: ['src/index.ts'], bundle: true, write: false, metafile: true, platform: 'node', format: 'esm', packages: 'external' });
  const external = Object.values(metafile.outputs).flatMap(({ imports }) => imports.filter(({ external: outside }) => outside).map(({ path }) => path));
  const packages = new Set(external.filter((path) => !path.startsWith('node:') && !builtinModules.includes(path)).map((path) => path.split('/')[0]));
  expect([...packages].sort()).toEqual([...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)].sort());
  expect(Object.keys(manifest.peerDependencies)).toEqual(['cdk8s', 'constructs']);
});

test('what the library is tested with lies in the ranges that it declares', () => {
  for (const name of ['cdk8s', 'constructs'] as const) {
    const [major, minor] = manifest.devDependencies[name].split('.').map(Number);
    const [wantedMajor, wantedMinor] = manifest.peerDependencies[name].slice(1).split('.').map(Number);
    expect(major).toBe(wantedMajor);
    expect(minor).toBeGreaterThanOrEqual(wantedMinor!);
  }
});
