import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { calicoUpgradeKind } from '../../../src/spec/kinds/calico-upgrade.ts';
import { parseSpecs } from '../../../src/spec/parse.ts';
import type { SpecKind } from '../../../src/spec/kind.ts';

const kinds = [calicoUpgradeKind as unknown as SpecKind];
const GOOD = `apiVersion: hookwave.dev/v1alpha1
kind: CalicoUpgrade
metadata: {name: calico}
spec:
  from: v3.13.4
  to: v3.32.1
  install: {type: manifest, datastore: kubernetes, manifest: vendor/calico.yaml}
`;

function problemsOf(text: string): readonly string[] {
  return parseSpecs('hookwave.yaml', text, kinds).problems.map(({ path, line, message }) => `${line ?? '-'} ${path}: ${message}`);
}

test('a twelve-line spec is read with every default', () => {
  const { specs, problems } = parseSpecs('hookwave.yaml', GOOD, kinds);
  expect(problems).toEqual([]);
  expect(specs).toHaveLength(1);
  expect(specs[0]?.name).toBe('calico');
  expect(specs[0]?.spec).toMatchObject({ from: 'v3.13.4', hostEndpoints: { guard: true }, deadlines: { rollout: 3600, stall: 600 }, runner: { imagePullPolicy: 'IfNotPresent' } });
});

describe('bad input', () => {
  test('all problems of all documents come at once, each with its line, path and a fix', () => {
    const text = `${GOOD.replace('v3.32.1', 'latest').replace('from:', 'form:')}  deadlines: {rollout: 30 minutes}
---
apiVersion: hookwave.dev/v2
kind: CalicoUpgrades
metadata: {name: UPPER, namespace: x}
colour: red
`;
    expect(problemsOf(text)).toEqual([
      '5 spec.from: is missing',
      '6 spec.to: is not a release',
      '8 spec.deadlines.rollout: is not a duration',
      '5 spec.form: is an unknown key',
      '13 colour: is an unknown key',
      '10 apiVersion: must be hookwave.dev/v1alpha1',
      '12 metadata.namespace: is an unknown key',
      '12 metadata.name: is not a valid Kubernetes name',
      '11 kind: is not a kind that hookwave knows',
    ]);
    expect(parseSpecs('f', text, kinds).problems.every(({ fix }) => fix.length > 0)).toBe(true);
  });

  test('nothing between two markers is passed over, as kubectl does', () => {
    const { specs, problems } = parseSpecs('f', `---\n# first\n---\n${GOOD}---\n---\n# last\n`, kinds);
    expect([specs.length, problems]).toEqual([1, []]);
  });

  test.each([
    ['', 'holds no spec'],
    ['# only a comment\n', 'holds no spec'],
    ['just text', 'is not a mapping'],
    ['- a\n- b\n', 'is not a mapping'],
    ['a: [', '1 : flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['a: 1\na: 2\n', '2 : map keys must be unique'],
    [GOOD.replace('name: calico', 'name: a-name-of-far-too-many-letters'), 'has 30 characters'],
    [GOOD.replace('vendor/calico.yaml', '/etc/passwd'), 'is not a path below the folder'],
    [GOOD.replace('vendor/calico.yaml', '../calico.yaml'), 'is not a path below the folder'],
    [GOOD.replace('v3.13.4', '<FROM>'), 'still holds the placeholder <FROM>'],
    [GOOD.replace('type: manifest', 'type: magic'), 'spec.install.type'],
    [`${GOOD}  runner: {image: "a b"}\n`, 'spec.runner.image: is no image reference'],
    [`${GOOD}  overlays: {registry: "https://mirror.example.com/calico"}\n`, 'spec.overlays.registry: is no registry and path'],
    [`${GOOD}  hostEndpoints: {acknowledgeDenies: ["a,b"]}\n`, 'is not the name of a policy'],
    [`${GOOD}---\n${GOOD}`, 'is "calico" in two specs'],
    [GOOD.replace('spec:', 'spec: &a').replace('  to: v3.32.1', '  to: *a'), 'refers to itself by an alias'],
    [`${GOOD}  overlays: {config: {__proto__: x}}\n`, 'spec.overlays.config.__proto__: is no key'],
  ])('%j is refused', (text, message) => {
    expect(problemsOf(text).join('\n')).toContain(message);
  });

  test.each([
    ['  to: v3.32.1\n', '', 'spec.to', 'is missing', "write the vendor's full tag, such as v3.32.1"],
    ['spec:', 'spce:', 'spec', 'is missing', 'write a mapping'],
    ['datastore: kubernetes, ', '', 'spec.install.datastore', 'is missing', 'use kubernetes'],
    ['  to:', '\tto:', '', 'tabs are not allowed as indentation', 'indent with spaces'],
  ])('%j in place of %j: %s %s', (from, to, path, message, fix) => {
    expect(parseSpecs('f', GOOD.replace(from, to), kinds).problems).toContainEqual(expect.objectContaining({ path, message, fix }));
  });

  test('a placeholder is one problem, not also a bad value', () => {
    expect(problemsOf(GOOD.replace('v3.13.4', '<FROM>'))).toHaveLength(1);
  });

  test('10,000 random documents never crash the parser', () => {
    const keys = fc.constantFrom('apiVersion', 'kind', 'metadata', 'spec', 'name', 'from', 'to', 'install', 'type', 'manifest', 'overlays', 'patches', 'x');
    const leaves = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom('CalicoUpgrade', 'hookwave.dev/v1alpha1', 'v3.13.4', 'manifest', 'kubernetes', '30m'));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, leaves, fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(keys, tie('tree'), { maxKeys: 6 })),
    }));
    const documents = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
      tree.map((value) => stringify(value)),
      fc.array(fc.constantFrom('a', ':', ' ', '\n', '-', '---\n', '{', '}', '[', ']', '&a', '*a', '<<', '!!binary', '"', "'", '|', '>', '#', '%', '\t', '?', '...\n'), { maxLength: 25 }).map((parts) => parts.join('')),
      fc.nat({ max: GOOD.length }).map((at) => GOOD.slice(0, at)),
    );
    fc.assert(
      fc.property(documents, (text) => {
        const { specs, problems } = parseSpecs('f', text, kinds);
        expect(specs.length + problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 10_000 },
    );
  }, 60_000);
});
