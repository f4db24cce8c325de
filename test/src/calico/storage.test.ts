import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasLabelAnywhere, newPolicy, readHostEndpoint, readPolicy, storageRules, unlabelPatch } from '../../../src/calico/storage.ts';
import { TEMPORARY_SPEC } from '../../../src/calico/temporary-policy.ts';
import { hidden, storedEndpoint, storedPolicy } from './stored-objects.ts';

const OLD = storageRules('v3.13.4');
const NEW = storageRules('v3.32.1');

test.each([
  ['v3.13.4', { labels: 'native', policyPrefix: 'default.', namesInAnnotation: false }],
  ['v3.27.5', { labels: 'native', policyPrefix: 'default.', namesInAnnotation: false }],
  ['v3.28.0', { labels: 'merged', policyPrefix: 'default.', namesInAnnotation: false }],
  ['v3.29.7', { labels: 'merged', policyPrefix: 'default.', namesInAnnotation: true }],
  ['v3.31.7', { labels: 'merged', policyPrefix: 'default.', namesInAnnotation: true }],
  ['v3.32.0', { labels: 'merged', policyPrefix: '', namesInAnnotation: true }],
  [undefined, { labels: 'merged', policyPrefix: '', namesInAnnotation: true }],
])('the rules of %s', (version, rules) => {
  expect(storageRules(version)).toEqual(rules);
});

describe('labels of a host endpoint', () => {
  const stored = storedEndpoint('all', {}, { labels: { a: 'native', b: 'native' }, annotations: hidden({ labels: { b: 'annotation', c: 'annotation' } }) });

  test('up to v3.27 those of the object count, from v3.28 on those of the annotation come on top', () => {
    expect(readHostEndpoint(stored, OLD).labels).toEqual({ a: 'native', b: 'native' });
    expect(readHostEndpoint(stored, NEW).labels).toEqual({ a: 'native', b: 'annotation', c: 'annotation' });
  });

  test('in projectcalico.org/v3 the annotation is one like any other', () => {
    expect(readHostEndpoint({ ...stored, apiVersion: 'projectcalico.org/v3' }, NEW).labels).toEqual({ a: 'native', b: 'native' });
  });

  test.each([['no JSON', 'oops'], ['null', 'null'], ['a list', '[]'], ['without labels', '{"labels":null}']])('an annotation that is %s leaves the native ones', (_what, text) => {
    const broken = storedEndpoint('all', {}, { labels: { a: '1' }, annotations: { 'projectcalico.org/metadata': text } });
    expect(readHostEndpoint(broken, NEW).labels).toEqual({ a: '1' });
    expect(unlabelPatch(broken, 'a')).toEqual({ metadata: { labels: { a: null } } });
  });
});

describe('taking a label away', () => {
  test('takes it from the object and from the annotation, and leaves everything else', () => {
    const annotations = hidden({ name: 'x', uid: 'u-1', creationTimestamp: '2020-01-01T00:00:00Z', labels: { keep: '1', go: '' }, annotations: { z: '1', a: '2' } });
    const stored = storedEndpoint('all', {}, { labels: { go: '', stay: '1' }, annotations });
    expect(unlabelPatch(stored, 'go')).toEqual({
      metadata: {
        labels: { go: null },
        annotations: hidden({ name: 'x', uid: 'u-1', creationTimestamp: '2020-01-01T00:00:00Z', labels: { keep: '1' }, annotations: { z: '1', a: '2' } }),
      },
    });
  });

  test('an annotation without the label is not touched, not even its spelling', () => {
    const stored = storedEndpoint('all', {}, { labels: { go: '' }, annotations: { 'projectcalico.org/metadata': '{ "creationTimestamp" : null }' } });
    expect(unlabelPatch(stored, 'go')).toEqual({ metadata: { labels: { go: null } } });
  });

  test('the last label of the annotation takes the field with it, as Calico writes it', () => {
    const stored = storedEndpoint('all', {}, { annotations: hidden({ labels: { go: '' }, creationTimestamp: null }) });
    expect(unlabelPatch(stored, 'go')).toEqual({ metadata: { annotations: hidden({ creationTimestamp: null }) } });
  });

  test('whatever the metadata, afterwards no version reads the label, and every other label is as before', () => {
    const labels = fc.dictionary(fc.constantFrom('go', 'a', 'b', 'projectcalico.org/x'), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(fc.option(labels, { nil: undefined }), fc.option(labels, { nil: undefined }), (native, kept) => {
        const stored = storedEndpoint('all', {}, { ...(native && { labels: native }), ...(kept && { annotations: hidden({ labels: kept, generation: 3 }) }) });
        const patch = unlabelPatch(stored, 'go') as { metadata: { labels?: object; annotations?: Record<string, string> } };
        const { go: _native, ...left } = stored.metadata.labels ?? {};
        const after = storedEndpoint('all', {}, { labels: left, annotations: { ...stored.metadata.annotations, ...patch.metadata.annotations } });
        expect(hasLabelAnywhere(after, 'go')).toBe(false);
        for (const rules of [OLD, NEW]) {
          const { go: _gone, ...others } = readHostEndpoint(stored, rules).labels;
          expect(readHostEndpoint(after, rules).labels).toEqual(others);
        }
      }),
    );
  });
});

describe('names of policies', () => {
  test.each([
    ['default.web', {}, 'web'],
    ['web', {}, 'web'],
    ['default.a.b', {}, 'a.b'],
    ['default.web', { tier: 'default' }, 'web'],
    ['security.web', { tier: 'security' }, 'security.web'],
    ['default.web', { tier: 'security' }, 'default.web'],
  ])('stored as %s with %j it is %s', (name, spec, expected) => {
    expect(readPolicy(storedPolicy(name, spec), OLD).name).toBe(expected);
  });

  test('from v3.29 on a noted name counts, before it does not', () => {
    const stored = storedPolicy('default.web', {}, { annotations: hidden({ name: 'default.web' }) });
    expect(readPolicy(stored, NEW).name).toBe('default.web');
    expect(readPolicy(stored, storageRules('v3.28.0')).name).toBe('web');
  });
});

describe('a new policy', () => {
  const mark = { 'hookwave.dev/upgrade': 'calico' };

  test.each(['v3.13.4', 'v3.28.5', 'v3.29.7', 'v3.32.1'])('stored by the rules of %s reads back under its name with its annotations, then and after the upgrade', (version) => {
    const stored = newPolicy('allow-all-upgrade', mark, TEMPORARY_SPEC, 'v1', storageRules(version));
    for (const rules of [storageRules(version), NEW]) {
      expect(readPolicy(stored, rules)).toMatchObject({ name: 'allow-all-upgrade', annotations: mark, spec: TEMPORARY_SPEC });
    }
  });

  test('before v3.32 the tier stands before the stored name', () => {
    expect(newPolicy('p', mark, {}, 'v1', OLD).metadata).toEqual({ name: 'default.p', annotations: { ...hidden({ creationTimestamp: null }), ...mark } });
    expect(newPolicy('p', mark, {}, 'v1', NEW).metadata).toEqual({ name: 'p', annotations: hidden({ name: 'p', creationTimestamp: null, annotations: mark }) });
  });

  test('in projectcalico.org/v3 it is what it says', () => {
    expect(newPolicy('p', mark, {}, 'v3', OLD)).toEqual({ apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'p', annotations: mark }, spec: {} });
  });
});
