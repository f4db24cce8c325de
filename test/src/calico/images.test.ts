import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatImage, parseImage, registryPrefixOf, tagOf, withRegistry, type ImageReference } from '../../../src/calico/images.ts';
import type { PodTemplate } from '../../../src/calico/workloads.ts';
import { hasUpstream } from '../../upstream.ts';
import { upstreamObjects } from './upstream-objects.ts';

const SHA = `sha256:${'0a'.repeat(32)}`;

const segment = fc.stringMatching(/^[a-z0-9]{1,6}((-|_|__|\.)[a-z0-9]{1,6})?$/);
const registry = fc.option(fc.constantFrom('quay.io', 'localhost', 'localhost:5000', 'registry.example.com:8443', 'Registry', '[::1]:5000'), { nil: undefined });
const path = fc
  .array(segment, { minLength: 1, maxLength: 4 })
  .filter(([first = '', ...rest]) => rest.length === 0 || !(first.includes('.') || first === 'localhost'))
  .map((parts) => parts.join('/'));
const image = fc
  .record({ registry, path, tag: fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/), { nil: undefined }), digest: fc.option(fc.constant(SHA), { nil: undefined }) })
  .filter(({ registry: host, path: name }) => host !== undefined || name.includes('/') || !name.includes(':'))
  .map((parts) => Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as unknown as ImageReference);

describe('parseImage', () => {
  test.each([
    ['node', { path: 'node' }],
    ['calico/node:v3.32.1', { path: 'calico/node', tag: 'v3.32.1' }],
    ['quay.io/calico/node:v3.32.1', { registry: 'quay.io', path: 'calico/node', tag: 'v3.32.1' }],
    ['localhost:5000/node', { registry: 'localhost:5000', path: 'node' }],
    [`r.example.com:8443/a/b/node:v1@${SHA}`, { registry: 'r.example.com:8443', path: 'a/b/node', tag: 'v1', digest: SHA }],
  ])('reads %s', (text, expected) => {
    expect(parseImage(text)).toEqual(expected);
  });

  test.each([
    ['', 'the path "" is malformed'],
    ['calico/node:', 'the tag "" is malformed'],
    ['calico/node@sha256:12', 'the digest is malformed'],
    [`calico/node@${SHA}@${SHA}`, 'the digest is malformed'],
    ['quay.io//node:v1', 'the path "/node" is malformed'],
    ['quay.io:port/node', 'the registry "quay.io:port" is malformed'],
    ['calico/node :v1', 'malformed'],
    [`${'a'.repeat(300)}:v1`, 'longer than 255'],
  ])('refuses "%s"', (text, message) => {
    expect(() => parseImage(text)).toThrow(message);
  });

  test('is the inverse of formatImage', () => {
    fc.assert(fc.property(image, (reference) => void expect(parseImage(formatImage(reference))).toEqual(reference)));
  });

  test('throws nothing but a TypeError, whatever it gets', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: fc.constantFrom(...'ab0.:/@-_A[] '.split('')) }), (text) => {
        try {
          expect(formatImage(parseImage(text))).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
      }),
    );
  });
});

describe('withRegistry', () => {
  test.each([
    ['docker.io/calico/node:v3.24.5', 'registry.example.com:5000/mirror', 'registry.example.com:5000/mirror/node:v3.24.5'],
    ['calico/node:v3.24.5', 'quay.io/calico/', 'quay.io/calico/node:v3.24.5'],
    ['quay.io/calico/node:v3.24.5', '', 'node:v3.24.5'],
  ])('%s behind "%s" is %s', (from, prefix, expected) => {
    expect(withRegistry(from, prefix)).toBe(expected);
  });

  test('refuses a prefix that makes no image reference', () => {
    expect(() => withRegistry('calico/node:v1', 'not a registry')).toThrow('no image reference');
  });

  test('keeps name, tag and digest, and the second exchange wins', () => {
    fc.assert(
      fc.property(image, fc.constantFrom('quay.io/calico', 'r.example.com:5000', 'mirror'), fc.constantFrom('a.io/b', 'c.io'), (reference, first, second) => {
        const text = formatImage(reference);
        const moved = parseImage(withRegistry(text, first));
        expect(moved.tag).toBe(reference.tag);
        expect(moved.digest).toBe(reference.digest);
        expect(registryPrefixOf(formatImage(moved))).toBe(first);
        expect(withRegistry(formatImage(moved), second)).toBe(withRegistry(text, second));
      }),
    );
  });
});

test('tagOf and registryPrefixOf say nothing about what is no image', () => {
  expect(tagOf('::')).toBeUndefined();
  expect(tagOf(undefined)).toBeUndefined();
  expect(registryPrefixOf('::')).toBe('');
});

test.skipIf(!hasUpstream).each(['v3.13.4', 'v3.24.6', 'v3.32.1'])("every image in upstream's calico.yaml of %s survives parse and format (upstream files)", (release) => {
  const images = upstreamObjects(release).flatMap((object) => {
    const { containers = [], initContainers = [] } = (object as { spec?: { template?: PodTemplate } }).spec?.template?.spec ?? {};
    return [...containers, ...initContainers].map((container) => container.image ?? '');
  });
  expect(images.length).toBeGreaterThan(3);
  expect(images.map((text) => formatImage(parseImage(text)))).toEqual(images);
});
