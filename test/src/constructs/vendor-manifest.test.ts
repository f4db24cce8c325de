import { App, Chart } from 'cdk8s';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { markSequenced } from '../../../src/constructs/placed.ts';
import { mergePatch, VendorManifest } from '../../../src/constructs/vendor-manifest.ts';
import { hasUpstream, upstream } from '../../upstream.ts';

function manifestOf(manifest: string): VendorManifest {
  return new VendorManifest(new Chart(new App(), 'chart'), 'vendor', { manifest, file: 'vendor', why: 'test' });
}

const TWO = `# a comment
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: one
  annotations:
    kept: "yes"
data:
  mode: "0644"   # stays a string
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: two}}
`;

test('what nothing changes is carried byte for byte', () => {
  const [one, two] = manifestOf(TWO).objects;
  expect(one?.toText()).toBe(TWO.slice(TWO.indexOf('apiVersion'), TWO.indexOf('---\n{')));
  expect(two?.toText()).toBe('{apiVersion: v1, kind: ConfigMap, metadata: {name: two}}\n');
});

test('blank lines before the next document belong to the one before: a block scalar may end with them', () => {
  const first = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\ndata:\n  text: |+\n    line\n\n\n';
  const [one, two] = manifestOf(`${first}---\n${first.replace('one', 'two')}`).objects;
  expect(one?.toText()).toBe(first);
  expect(two?.toText()).toBe(first.replace('one', 'two'));
});

test('annotations are added in the text of block style and by parsing elsewhere', () => {
  for (const object of manifestOf(TWO).objects) {
    const before = object.read() as { metadata: { annotations?: object } };
    object.metadata.addAnnotation('example.com/wave', '-2');
    const after = parse(object.toText());
    expect(after).toEqual({ ...before, metadata: { ...before.metadata, annotations: { ...before.metadata.annotations, 'example.com/wave': '-2' } } });
    expect(object.toJson()).toEqual(after);
  }
  expect(manifestOf(TWO).objects[0]?.toText()).toContain('# stays a string');
});

test('an edit keeps comments, order and types', () => {
  const [one] = manifestOf(TWO).objects;
  one?.edit((document) => mergePatch(document, { data: { mode: null, on: 'yes', number: '0755' }, extra: { deep: [1] } }));
  const text = one?.toText() ?? '';
  expect(parse(text, { version: '1.1' })).toMatchObject({ data: { on: 'yes', number: '0755' }, extra: { deep: [1] } });
  expect(text).not.toContain('0644');
});

test('a document that is no object is refused with its line', () => {
  expect(() => manifestOf('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n---\nfoo: bar\n')).toThrow('line 6');
});

describe.skipIf(!hasUpstream)("upstream's manifests (skipped where they are absent)", () => {
  test.each(['v3.32.1/calico.yaml', 'v3.32.1/operator-crds.yaml', 'v3.30.7/calico-typha.yaml', 'v3.22.5/canal.yaml', 'v3.32.1/chart-tigera-operator.rendered.yaml'])(
    '%s: an annotation in the text equals an annotation on the parsed object, for every object',
    (name) => {
      for (const object of manifestOf(upstream(`calico/${name}`)).objects) {
        object.metadata.addAnnotation('example.com/wave', '-2');
        markSequenced(object);
        expect(parse(object.toText(), { version: '1.1' })).toEqual(object.toJson());
      }
    },
    60_000,
  );
});

test('what an alias shares, and a key that occurs twice, are written out when something changes the object', () => {
  const [object] = manifestOf('apiVersion: v1\nkind: ConfigMap\nmetadata: &m\n  name: one\n  labels: &l {a: b}\n  annotations: *l\ndata: {mode: 0644, mode: "0755"}\n').objects;
  object?.edit((document) => mergePatch(document, { metadata: { annotations: { c: 'd' } } }));
  const text = object?.toText() ?? '';
  expect(text).not.toMatch(/[&*]/);
  expect(parse(text)).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', labels: { a: 'b' }, annotations: { a: 'b', c: 'd' } }, data: { mode: '0755' } });
});
