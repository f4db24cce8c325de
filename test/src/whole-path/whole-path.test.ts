import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { kinds } from '../../../charts/index.ts';
import { formatOutline } from '../../../src/cli/plan-text.ts';
import { chartOf, synthesize } from '../../../src/cli/synthesize.ts';
import { outline } from '../../../src/constructs/outline.ts';
import { SEQUENCER_NAMES } from '../../../src/sequencers/names.ts';
import { schemaOfSpec } from '../../../src/spec/json-schema.ts';
import { API_VERSION, type InputFile, type SpecKind } from '../../../src/spec/kind.ts';
import type { LoadedUpgrade } from '../../../src/spec/load.ts';
import { splitManifest, yamlErrors } from '../../../src/spec/manifest-text.ts';
import { parseSpecs } from '../../../src/spec/parse.ts';
import type { Problem } from '../../../src/spec/problem.ts';
import { sha256 } from '../../../src/spec/sha256.ts';
import { damaged, damagedLines, fromSchema, JSON_VALUE, type Known } from './near-valid.ts';
import { FULL } from '../../full-matrix.ts';

const examples = join(import.meta.dirname, '../../../examples');
const fileAt = (path: string): InputFile => {
  const text = readFileSync(join(examples, path), 'utf8');
  return { path, text, sha256: sha256(text) };
};
const CALICO = 'calico-manifest/vendor/calico.yaml';
const [V2, V3] = ['calico-datastore-migration/vendor/calico-v2.yaml', 'calico-datastore-migration/vendor/calico-v3.yaml'];
const [OLD, CTL] = ['installed.yaml', 'calicoctl.yaml'];
const FILES = new Map([
  ...[CALICO, V2, V3].map((path) => [path, fileAt(path)] as const),
  [OLD, { ...fileAt(CALICO), path: OLD, text: fileAt(CALICO).text.replaceAll('v3.32.1', 'v3.13.4') }],
  [CTL, { path: CTL, sha256: '0', text: 'apiVersion: v1\nkind: Pod\nmetadata: {name: calicoctl, namespace: kube-system}\nspec: {containers: [{name: calicoctl, image: "quay.io/calico/ctl:v3.32.1"}]}\n' }],
]);

/** A patch reaches deep or stays at the top; of the example's own objects, or of none. */
const deep = (value: fc.Arbitrary<unknown>) => fc.tuple(fc.constantFrom('spec', 'spec.template', 'spec.template.spec', 'spec.template.spec.containers', 'spec.template.spec.initContainers', 'metadata', 'metadata.annotations', 'metadata.labels', 'data', 'spec.updateStrategy', 'spec.selector'), value).map(([path, leaf]) => path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), leaf));
const patch = fc.record({
  kind: fc.constantFrom('DaemonSet', 'DaemonSet', 'Deployment', 'ConfigMap', 'Nobody'),
  name: fc.constantFrom('calico-node', 'calico-node', 'calico-kube-controllers', 'calico-config'),
  merge: fc.oneof(deep(JSON_VALUE), deep(JSON_VALUE), fc.dictionary(fc.string({ maxLength: 5 }), JSON_VALUE, { maxKeys: 2 })),
});

const IMAGES = fc.constantFrom('registry.example.com/runner:1', 'r', 'localhost:5000/r@sha256:0');

const KNOWN: Readonly<Record<string, Known>> = {
  CalicoUpgrade: {
    from: fc.constantFrom('v3.13.4', 'v3.13.4', 'v3.13.4', 'v3.24.6', 'v3.31.0', 'v3.33.0'),
    to: fc.constantFrom('v3.32.1', 'v3.32.1', 'v3.32.1', 'v3.32.1', 'v3.32.1', 'v3.32.0'),
    manifest: fc.constant(CALICO),
    installed: fc.constantFrom(OLD, OLD, V3),
    calicoctl: fc.constantFrom('keep', CTL, CTL, CALICO),
    registry: fc.constantFrom('registry.example.com/calico', 'localhost:5000'),
    patches: fc.oneof({ weight: 2, arbitrary: fc.array(patch, { minLength: 1, maxLength: 2 }) }, { weight: 1, arbitrary: fc.constant([]) }),
    'acknowledgeDenies[]': fc.constantFrom('deny-all', 'x', ''),
    'uncovered[]': fc.constantFrom('node1-eth0', 'a b'),
    image: IMAGES,
    approved: fc.constantFrom('0123abcd', '00000000'),
  },
  CalicoDatastoreMigration: {
    image: IMAGES,
    nodeImage: fc.constant('quay.io/calico/node:v3.1.7'),
    manifest: fc.constantFrom(V3, V3, V3, V2),
    previous: fc.constantFrom(V2, V2, V2, V3),
    namespace: fc.constantFrom('kube-system', 'kube-system', 'kube-system', 'other'),
    daemonset: fc.constant('calico-node'),
    container: fc.constant('calico-node'),
    deployment: fc.constant('calico-kube-controllers'),
  },
};

interface Outcome {
  readonly problems: readonly Omit<Problem, 'file'>[];
  /** Manifests of one sequencer, or the plan. */
  readonly text: string;
}

const WAYS = [...SEQUENCER_NAMES, 'plan'] as const;

/** From the text of a spec to problems, or to one of the things that are made of it: as `hookwave plan` and `hookwave synth` go, but for the disk. */
function run(text: string, files = FILES): Outcome {
  const { specs, problems } = parseSpecs('hookwave.yaml', text, kinds);
  const [parsed] = specs;
  if (problems.length > 0 || !parsed) return { problems, text: '' };
  const { kind, name, spec } = parsed;
  const loaded: LoadedUpgrade = { kind, upgrade: { kind: kind.kind, name, spec, files } };
  const missing = kind.files(spec).filter(({ path }) => !FILES.has(path)).map(({ at }) => ({ path: at, message: 'is missing', fix: 'store it' }));
  const found = missing.length > 0 ? missing : kind.check(loaded.upgrade);
  if (found.length > 0) return { problems: found, text: '' };
  const way = WAYS[text.length % WAYS.length] ?? 'plan';
  if (way === 'plan') return { problems: [], text: formatOutline(outline(chartOf(loaded)), { rights: true }) };
  return { problems: [], text: synthesize(loaded, way).map((file) => file.text).join('') };
}

/** Why `hookwave vendor` does not pin a manifest; `undefined` when it does. */
function vendored(manifest: string): Outcome | undefined {
  try {
    const [error] = yamlErrors(splitManifest(manifest));
    return error === undefined ? undefined : { problems: [{ path: 'vendor', message: error, fix: 'download it again' }], text: '' };
  } catch (error) {
    return { problems: [{ path: 'vendor', message: String(error), fix: 'download it again' }], text: '' };
  }
}

/** `npm run test:matrix` takes all ten thousand. */
const RUNS = FULL ? 5000 : 40;

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('%s', (name, kind: SpecKind) => {
  const spec = fromSchema(schemaOfSpec(kind), KNOWN[name] ?? {});
  const documents = damaged(fc.record({ apiVersion: fc.constant(API_VERSION), kind: fc.constant(name), metadata: fc.constant({ name: 'calico' }), spec }));

  test(`${RUNS} documents that are nearly right: each becomes manifests, or problems that say where and what to do`, () => {
    const seen = { problems: 0, manifests: 0 };
    fc.assert(
      fc.property(documents, (document) => {
        const { problems, text } = run(stringify(document));
        seen[problems.length > 0 ? 'problems' : 'manifests']++;
        expect(problems.filter(({ path, message, fix }) => path === '' || message.trim() === '' || fix.trim() === '')).toEqual([]);
        if (problems.length === 0) expect(text.split('\n').length).toBeGreaterThan(20);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(seen.problems).toBeGreaterThan(0);
    expect(seen.manifests).toBeGreaterThan(0);
  }, RUNS * 1000);

  test(`${RUNS} manifests that are nearly right: each is carried, or a problem that says where and what to do`, () => {
    const [path, ...others] = name === 'CalicoUpgrade' ? [CALICO] : [V3, V2];
    const install = name === 'CalicoUpgrade' ? { type: 'manifest', datastore: 'kubernetes', manifest: path } : { manifest: path, previous: others[0] };
    const written = { ...(name === 'CalicoUpgrade' ? { from: 'v3.13.4', to: 'v3.32.1' } : { nodeImage: 'quay.io/calico/node:v3.1.7' }), install };
    const text = stringify({ apiVersion: API_VERSION, kind: name, metadata: { name: 'calico' }, spec: written });
    const seen = { problems: 0, manifests: 0 };
    fc.assert(
      fc.property(damagedLines(fileAt(path).text), fc.constantFrom('', '\n'), (manifest, rest) => {
        const outcome = vendored(manifest) ?? run(text + rest, new Map([...FILES, [path, { path, text: manifest, sha256: '0' }]]));
        seen[outcome.problems.length > 0 ? 'problems' : 'manifests']++;
        expect(outcome.problems.filter(({ path: at, message, fix }) => at === '' || message.trim() === '' || fix.trim() === '')).toEqual([]);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(seen.problems).toBeGreaterThan(0);
    expect(seen.manifests).toBeGreaterThan(0);
  }, RUNS * 1000);
});
