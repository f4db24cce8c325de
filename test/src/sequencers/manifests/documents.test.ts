import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDocuments, splitDocuments } from '../../../../src/sequencers/manifests/documents.ts';
import { lintManifests } from '../../../../src/sequencers/lint/lint.ts';
import { randomAnnotations } from './random-annotations.ts';

const NAMED = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const read = (text: string, file = 'a.yaml') => readDocuments([{ file, text }]);
const places = (text: string): readonly string[] => read(text).objects.map(({ name, line }) => `${name}:${line}`);

describe('a stream is cut into documents', () => {
  test('at markers, with the line of each; comments and empty documents are none', () => {
    expect(places(`# head\n---\n# comment\n\n${NAMED('a')}---\n---\n--- # next\n${NAMED('b')}`)).toEqual(['a:5', 'b:12']);
  });

  test('with carriage returns and a byte order mark', () => {
    expect(places(`\uFEFF${NAMED('a')}---\n${NAMED('b')}`.replaceAll('\n', '\r\n'))).toEqual(['a:1', 'b:6']);
  });

  test('not inside a block of text', () => {
    expect(places(`${NAMED('a')}data:\n  script: |\n    ---\n    x\n---\n${NAMED('b')}`)).toEqual(['a:1', 'b:10']);
  });

  test('with content behind a marker, and with a directive before it', () => {
    expect(places(`%YAML 1.1\n--- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n---\n${NAMED('b')}`)).toEqual(['a:2', 'b:4']);
  });

  test('every line belongs to the document that begins at its line number', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('---', '--- # c', '# c', '', 'a: 1', '  b: 2', '----', '---x'), { maxLength: 12 }), (lines) => {
        for (const { line, text } of splitDocuments(lines.join('\n'))) {
          const first = text.split('\n')[0] ?? '';
          expect(lines[line - 1]).toContain(first);
        }
      }),
    );
  });
});

describe('objects', () => {
  test('Lists are flattened, in YAML and JSON', () => {
    const item = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'n' } };
    const { objects } = read(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [item, { apiVersion: 'v1', kind: 'SecretList', items: [{ ...item, kind: 'Secret' }] }] }, null, 2));
    expect(objects.map(({ kind, name, namespace, within }) => [kind, namespace, name, within])).toEqual([
      ['ConfigMap', 'n', 'a', ['items', 0]],
      ['Secret', 'n', 'a', ['items', 1, 'items', 0]],
    ]);
    expect(objects[1]?.object).toEqual({ ...item, kind: 'Secret' });
  });

  test.each([
    ['in plain style', (name: string) => `- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: ${name}\n`],
    ['with an alias', (name: string) => `- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: &${name} ${name}\n    namespace: *${name}\n`],
  ])('a List whose items are looked into is read once more, not once for each: %s', (_style, item) => {
    const list = `---\napiVersion: v1\nkind: List\nitems:\n${item('a')}${item('b')}${item('c')}`;
    const { objects } = read(list);
    const once = objects.map(({ object }) => object);
    expect(once.map(({ metadata }) => (metadata as { name: string }).name)).toEqual(['a', 'b', 'c']);
    const same = read(list).objects;
    for (const [index, { object }] of objects.entries()) {
      expect(same[index]!.object).toEqual(object);
      expect(object).toBe(once[index]);
    }
    for (const { object } of read(`${NAMED('d')}---\n${NAMED('e')}`).objects) expect(object['kind']).toBe('ConfigMap');
    expect(objects[1]!.object).toEqual(once[1]);
    expect(objects[1]!.object).not.toBe(once[1]);
  });

  test('a finding about an item of a List has the line of its field', () => {
    const item = (name: string): string => `- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: ${name}\n    annotations:\n      argocd.argoproj.io/sync-wave: "x"\n`;
    const { findings } = lintManifests([{ file: 'a.yaml', text: `---\napiVersion: v1\nkind: List\nitems:\n${item('a')}${item('b')}` }]);
    expect(findings.map(({ code, line }) => `${code}:${line}`)).toEqual(['wave-not-integer:10', 'wave-not-integer:16']);
  });

  test('values files and kustomizations are passed over, broken ones too', () => {
    const texts = ['replicas: 1\nimage: x\n', 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata: {}\n', 'a: [\n', '- 1\n- 2\n', 'just words\n'];
    for (const text of texts) expect(read(text)).toEqual({ objects: [], problems: [] });
  });

  test('a broken manifest is a finding with its line, and the others are read', () => {
    const { objects, problems } = read(`${NAMED('a')}---\nkind: X\napiVersion: v1\nmetadata: {name: [\n---\n${NAMED('b')}`);
    expect(objects.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(problems).toEqual([expect.objectContaining({ code: 'yaml-error', file: 'a.yaml', line: 9 })]);
  });

  test('lines of a quoted scalar may be indented no further than their key, as Go has it', () => {
    const { objects, problems } = read(`${NAMED('a')}data:\n  text: 'it''s\n  two lines'\n  more: "x"\n`);
    expect(problems).toEqual([]);
    expect(objects[0]?.object['data']).toEqual({ text: "it's two lines", more: 'x' });
  });

  test('and so may the lines of a list or map in brackets, but one that never ends is a finding', () => {
    const { objects, problems } = read(`${NAMED('a')}spec:\n  command: [ "/bin/sh", # it's\n  "-ce",\n  'it''s [\n  so' ]\n  more: {a: it's,\n  b: "x\\" }"\n  }\n  script: |\n    list=[\n    x\n  last: 1\n`);
    expect(problems).toEqual([]);
    expect(objects[0]?.object['spec']).toEqual({ command: ['/bin/sh', '-ce', "it's [ so"], more: { a: "it's", b: 'x" }' }, script: 'list=[\nx\n', last: 1 });
    expect(read(`${NAMED('a')}spec:\n  command: [ "a",\n  "b"\n  last: 1\n`).problems.map(({ code }) => code)).toEqual(['yaml-error']);
  });

  test('an alias bomb and deep nesting are findings, not crashes', () => {
    const bomb = `apiVersion: v1\nkind: X\na: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefg'[index]}`).join(',')}]\n`).join('')}`;
    expect(read(bomb).problems.map(({ code }) => code)).toEqual(['yaml-error']);
    expect(() => read(`apiVersion: v1\nkind: X\na: ${'['.repeat(20_000)}`)).not.toThrow();
    expect(() => read(`${Array.from({ length: 5000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')}`)).not.toThrow();
  });
});

describe('no input makes lint crash', () => {
  const kind = fc.constantFrom('Job', 'Pod', 'DaemonSet', 'ConfigMap', 'CronJob', 'APIService', 'RoleBinding', 'ExternalSecret', 'Installation', 'List');
  const anything = fc.jsonValue({ maxDepth: 3 });
  const object = fc.record(
    {
      apiVersion: fc.constantFrom('v1', 'batch/v1', 'apps/v1', 'rbac.authorization.k8s.io/v1', 'operator.tigera.io/v1', 'apiregistration.k8s.io/v1'),
      kind,
      metadata: fc.record({ name: fc.constantFrom('a', 'b', ''), generateName: anything, annotations: fc.oneof(randomAnnotations, anything), labels: anything, namespace: anything }, { requiredKeys: ['annotations'] }),
      spec: fc.oneof(anything, fc.record({ template: fc.record({ spec: fc.record({ containers: anything, volumes: anything, serviceAccountName: anything }), metadata: anything }), suspend: fc.boolean(), completionMode: fc.constant('Indexed') })),
      subjects: anything,
      items: anything,
    },
    { requiredKeys: ['apiVersion', 'kind', 'metadata'] },
  );

  test('random objects, in every way of looking at them', () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 6 }), fc.constantFrom('auto', 'argo', 'helm'), fc.boolean(), (objects, engine, fleet) => {
        const text = objects.map((one) => JSON.stringify(one)).join('\n---\n');
        const { findings } = lintManifests([{ file: 'a.yaml', text }], { engine, fleet, syncOptions: ['Replace=true'] });
        for (const { line, message, fix, file } of findings) {
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(text.split('\n').length);
          expect([message, fix, file]).not.toContain('');
        }
      }),
      { numRuns: 300 },
    );
  });

  test('random text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { objects, findings } = lintManifests([{ file: 'a', text: `kind: X\napiVersion: v1\nmetadata: {name: a}\n${text}` }]);
        expect(objects + findings.length).toBeGreaterThan(0);
      }),
    );
  });
});
