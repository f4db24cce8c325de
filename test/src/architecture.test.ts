import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const files = ['src', 'charts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path)),
);
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

/** Every import of every file; own files by their path from the root. */
const imports: readonly Import[] = files.flatMap((file) =>
  [...text(file).matchAll(/^(import|export)( type)? [^;]*?from '([^']+)'|import\('([^']+)'\)/gm)].map(([, , typeOnly, from, lazy]) => {
    const specifier = from ?? lazy ?? '';
    return { file, target: specifier.startsWith('.') ? relative(root, join(root, dirname(file), specifier)) : specifier, typeOnly: typeOnly !== undefined };
  }),
);

const LAYERS = ['src/spec', 'src/plan', 'src/constructs', 'charts', 'src/sequencers', 'src/cli'];
const layerOf = (path: string): number => LAYERS.findIndex((layer) => path.startsWith(`${layer}/`));
const isRun = (path: string): boolean => path.startsWith('src/steps/') && path.endsWith('.run.ts');
const isDefinition = (path: string): boolean => path.startsWith('src/steps/') && !isRun(path);
const offenders = (rule: (one: Import) => boolean): readonly string[] => imports.filter(rule).map(({ file, target }) => `${file} -> ${target}`);

test('the reader of import lines sees imports', () => {
  expect(imports.length).toBeGreaterThan(100);
  expect(imports).toContainEqual({ file: 'src/sequencers/index.ts', target: 'src/sequencers/argo/argo.ts', typeOnly: false });
});

describe('import rules', () => {
  test('spec <- plan <- constructs <- charts <- sequencers <- cli: nothing imports a later layer', () => {
    expect(offenders(({ file, target, typeOnly }) => !typeOnly && layerOf(file) >= 0 && layerOf(target) > layerOf(file))).toEqual([]);
  });

  test('only step runs, the runner and the command line use a cluster', () => {
    expect(offenders(({ file, target, typeOnly }) => !typeOnly && target.startsWith('src/kube/') && !isRun(file) && !/^src\/(kube|runner|cli|calico|migrate|steps\/common)\//.test(file))).toEqual([]);
  });

  test('constructs and charts see step definitions only', () => {
    expect(offenders(({ file, target }) => /^(src\/constructs|charts)\//.test(file) && isRun(target))).toEqual([]);
  });

  test('definitions import neither runs nor the cluster; runs and the runner never import cdk8s, constructs, charts or sequencers', () => {
    expect(offenders(({ file, target, typeOnly }) => isDefinition(file) && !file.endsWith('index.run.ts') && (isRun(target) || (target.startsWith('src/kube/') && !typeOnly)))).toEqual([]);
    const synthesis = /^(cdk8s|constructs|charts\/|src\/constructs\/|src\/sequencers\/)/;
    expect(offenders(({ file, target }) => (isRun(file) || isDefinition(file) || file.startsWith('src/runner/') || file.startsWith('src/kube/') || file.startsWith('src/calico/') || file.startsWith('src/migrate/')) && synthesis.test(target))).toEqual([]);
  });

  test('only etcd/ imports the etcd client, and it knows nothing else', () => {
    expect(offenders(({ file, target }) => target.startsWith('etcd3') && !file.startsWith('src/etcd/'))).toEqual([]);
    expect(offenders(({ file, target }) => file.startsWith('src/etcd/') && target.startsWith('src/') && !target.startsWith('src/etcd/'))).toEqual([]);
  });

  test('only kube/ imports the Kubernetes client', () => {
    expect(offenders(({ file, target }) => target.startsWith('@kubernetes/client-node') && !file.startsWith('src/kube/'))).toEqual([]);
  });
});

test("only sequencers/ know annotation strings of Argo CD and Helm", () => {
  const foreign = /argocd\.argoproj\.io\/|helm\.sh\//;
  expect(files.filter((file) => foreign.test(text(file)) && !file.startsWith('src/sequencers/'))).toEqual([]);
});

test('only cli/ and the runner touch process', () => {
  expect(files.filter((file) => /\bprocess\.(env|exit|argv|std|on|cwd)/.test(text(file)) && !/^src\/(cli|runner)\//.test(file))).toEqual([]);
});

test('files stay small: the median is under 100 lines', () => {
  const lengths = files.map((file) => text(file).split('\n').length).sort((a, b) => a - b);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(100);
});
