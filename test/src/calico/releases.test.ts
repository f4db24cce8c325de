import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RELEASE_ROWS, rowsCrossed } from '../../../src/calico/releases.ts';
import { compareVersions, parseVersion } from '../../../src/calico/versions.ts';

test('from v3.13.4 to v3.32.1 every row up to v3.32 is crossed, the outage first', () => {
  const rows = rowsCrossed('v3.13.4', 'v3.32.1', 'manifest-kubernetes');
  expect(rows[0]).toMatchObject({ release: 'v3.14.0', severity: 'outage', by: 'step' });
  expect(rows.map(({ release }) => release)).toEqual(['v3.14.0', 'v3.15.0', 'v3.21.0', 'v3.24.0', 'v3.26.0', 'v3.28.0', 'v3.28.0', 'v3.29.0', 'v3.31.0', 'v3.32.0', 'v3.32.0']);
});

test('a patch release crosses nothing', () => {
  expect(rowsCrossed('v3.24.1', 'v3.24.6', 'manifest-kubernetes')).toEqual([]);
});

test('rows are in ascending order and each names a release', () => {
  const releases = RELEASE_ROWS.map(({ release }) => release);
  expect(releases.every((release) => parseVersion(release)?.patch === 0)).toBe(true);
  expect(releases).toEqual(releases.toSorted(compareVersions));
});

test('two upgrades in a row cross what one does: preparations add up', () => {
  const release = fc.tuple(fc.integer({ min: 10, max: 34 }), fc.nat(6)).map(([minor, patch]) => `v3.${minor}.${patch}`);
  fc.assert(
    fc.property(release, release, release, (a, b, c) => {
      const [from, middle, to] = [a, b, c].toSorted(compareVersions) as [string, string, string];
      const road = 'manifest-kubernetes';
      expect([...rowsCrossed(from, middle, road), ...rowsCrossed(middle, to, road)]).toEqual(rowsCrossed(from, to, road));
    }),
  );
});
