import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BAD_TARGETS, RELEASE_ALIASES } from '../../../src/calico/known-releases.ts';
import { tagOf } from '../../../src/calico/images.ts';
import { imageOf } from '../../../src/calico/rollout.ts';
import { compareVersions, crosses, imageVersionOf, isRelease, parseVersion, versionOf } from '../../../src/calico/versions.ts';
import type { DaemonSet } from '../../../src/calico/workloads.ts';
import { hasUpstream } from '../../upstream.ts';
import { upstreamObjects } from './upstream-objects.ts';

const release = fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40)).map((parts) => `v${parts.join('.')}`);
const suffix = fc.constantFrom('', '-0.dev', '-0.dev-12-gabcdef', '-rc1', '-rhel', '-rancher1-2');
const version = fc.tuple(release, suffix).map((parts) => parts.join(''));

describe('parseVersion', () => {
  test.each([
    ['v3.24.6', { release: 'v3.24.6', major: 3, minor: 24, patch: 6 }],
    ['3.24.6', { release: 'v3.24.6', major: 3, minor: 24, patch: 6 }],
    ['v3.33.0-0.dev-12-gabc', { release: 'v3.33.0', major: 3, minor: 33, patch: 0, prerelease: '0.dev-12-gabc' }],
    ['v3.24.6-rhel', { release: 'v3.24.6', major: 3, minor: 24, patch: 6, rebuild: 'rhel' }],
  ])('reads %s', (text, expected) => {
    expect(parseVersion(text)).toEqual(expected);
  });

  test.each(['', 'v3.24', 'v3', 'master', 'latest', 'release-v3.30', 'v03.1.1', 'v3.24.6-', 'v3.24.6 ', 'vv3.24.6', 'sha256:abc', `v3.${'1'.repeat(200)}.0`])('reads nothing from "%s"', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  test('never throws, and what it reads it reads again from its own name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), version), (text) => {
        const parsed = parseVersion(text);
        if (parsed) expect(parseVersion(parsed.release)?.release).toBe(parsed.release);
      }),
    );
  });

  test('what is no version is named in the error', () => {
    expect(() => versionOf('v3.14')).toThrow('"v3.14" is no Calico version');
  });
});

describe('compareVersions', () => {
  test.each([
    ['v3.9.0', 'v3.13.0', -1],
    ['v3.24.6-rhel', 'v3.24.6', 0],
    ['v3.33.0-0.dev', 'v3.33.0', -1],
    ['v3.33.0-0.dev', 'v3.32.9', 1],
  ])('%s against %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
  });

  test('is an order', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('crosses', () => {
  test.each([
    ['v3.13.4', 'v3.32.1', true],
    ['v3.13.4', 'v3.14.0', true],
    ['v3.14.0', 'v3.32.1', false],
    ['v3.10.0', 'v3.13.4', false],
    ['v3.32.1', 'v3.13.4', false],
    ['v3.13.4', 'v3.14.0-0.dev', true],
    ['v3.14.0-0.dev', 'v3.15.0', true],
  ])('from %s to %s over v3.14.0: %s', (from, to, expected) => {
    expect(crosses(from, to, 'v3.14.0')).toBe(expected);
  });

  test('a way in two parts crosses a change exactly once', () => {
    fc.assert(
      fc.property(release, release, release, release, (a, b, c, change) => {
        const [from, middle, to] = [a, b, c].toSorted(compareVersions) as [string, string, string];
        expect(Number(crosses(from, middle, change)) + Number(crosses(middle, to, change))).toBe(Number(crosses(from, to, change)));
      }),
    );
  });
});

describe('isRelease', () => {
  test.each([
    ['v3.32.1', 'v3.32.1', true],
    ['v3.32.1-rhel', 'v3.32.1', true],
    ['v3.24.5', 'v3.24.6', true],
    ['v3.24.6', 'v3.24.6', true],
    ['v3.24.6', 'v3.24.5', false],
    ['v3.32.0', 'v3.32.1', false],
    ['v3.33.0-0.dev', 'v3.33.0', false],
    ['master', 'v3.33.0', false],
    [undefined, 'v3.33.0', false],
  ])('tag %s of release %s: %s', (tag, of, expected) => {
    expect(isRelease(tag, of)).toBe(expected);
  });

  test('every alias is of its own release and every bad target has a way out', () => {
    expect(RELEASE_ALIASES.map(({ release: name }) => imageVersionOf(name))).toEqual(RELEASE_ALIASES.map(({ images }) => images));
    expect(BAD_TARGETS.every((bad) => compareVersions(bad.instead, bad.release) > 0)).toBe(true);
  });

  test.skipIf(!hasUpstream).each(['v3.13.4', 'v3.20.6', 'v3.22.5', 'v3.24.6', 'v3.30.7', 'v3.32.1'])("upstream's manifests of %s carry images of that release (upstream files)", (of) => {
    for (const file of ['calico.yaml', 'canal.yaml']) {
      const daemonSet = upstreamObjects(of, file).find(({ kind }) => kind === 'DaemonSet') as DaemonSet;
      const tag = tagOf(imageOf(daemonSet.spec.template, 'calico-node'));
      expect(isRelease(tag, of), `${of} ${file} ${tag}`).toBe(true);
      expect(imageVersionOf(of)).toBe(tag);
    }
  });
});
