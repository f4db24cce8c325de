import { describe, expect, test } from 'vitest';
import { shouldMigrate, versionRequiresMigration, whyNotMigratable } from '../../../../src/calico/migration/versions.ts';

describe('versionRequiresMigration', () => {
  test.each(['v2.6.5', 'v2.6.5-rc1', 'v2.6.5-15-g0986c6cd', 'v2.6.6', 'v2.6.6-rc1', 'v2.7.0', 'v2.7.0-rc1', '2.6.12'])('%s needs migration', (version) => {
    expect(versionRequiresMigration(version)).toEqual({ needed: true });
  });

  test.each(['v3.0.0', 'v3.0.0-beta1', 'v3.0.0-0', 'v3.0.0-a', 'v3.0.0-beta1-128-g1caef47d'])('%s needs none', (version) => {
    expect(versionRequiresMigration(version)).toEqual({ needed: false });
  });

  test.each(['v2.6.4', 'v2.6.4-rc1', 'v2.6.4-15-g0986c6cd'])('%s is too old', (version) => {
    expect(versionRequiresMigration(version)).toEqual({ error: 'migration to v3 requires a tagged release of Calico v2.6.5+' });
  });

  test.each(['v2.6.x-deadbeef', 'v3.0', 'master', '', 'garbage', '1.2.3.4.5', 'vv2.6.5'])('"%s" is no version', (version) => {
    expect(versionRequiresMigration(version)).toEqual({ error: 'unable to parse the version' });
  });
});

describe('shouldMigrate', () => {
  test.each([
    [undefined, undefined, false],
    ['v2.6.5', undefined, true],
    ['v2.6.5', 'v2.6.5', true],
    ['v2.6.5', 'v3.0.0', false],
    ['v2.6.5', 'v3.1.0', false],
    ['v2.6.5', '', true],
    [undefined, '', false],
  ])('v1 %s, v3 %s: %s', (v1, v3, needed) => {
    expect(shouldMigrate({ v1, v3 })).toEqual({ needed });
  });

  test.each([
    ['v2.6.4', undefined, "unable to migrate data from version 'v2.6.4': migration to v3 requires a tagged release of Calico v2.6.5+"],
    ['v3.0.0', undefined, "unexpected Calico version 'v3.0.0': migration to v3 should be from a tagged release of Calico v2.6.5+"],
    ['master', undefined, "unable to migrate data from version 'master': unable to parse the version"],
    [undefined, 'v2.6.4', "unexpected CalicoVersion 'v2.6.4' in ClusterInformation: migration to v3 requires a tagged release of Calico v2.6.5+"],
    ['', '', "unable to migrate data from version '': unable to parse the version"],
  ])('v1 %s, v3 %s: %s', (v1, v3, error) => {
    expect(shouldMigrate({ v1, v3 })).toEqual({ error });
  });
});

test.each([
  ['nothing there', { v1: undefined, v3: undefined }, false],
  ['v1 runs', { v1: 'v2.6.5', v3: undefined }, true],
  ['during start, or after it until a v3 node starts', { v1: 'v2.6.5', v3: 'v2.6.5' }, true],
  ['a v3 node has written its version', { v1: 'v2.6.5', v3: 'v3.1.1' }, false],
])('%s', (_name, versions, needed) => {
  expect(shouldMigrate(versions)).toEqual({ needed });
});

test('start looks at v1 alone, and says what is wrong when there is no version', () => {
  expect(whyNotMigratable('v2.6.12')).toBeUndefined();
  expect(whyNotMigratable('v2.6.4')).toContain('v2.6.5+');
  expect(whyNotMigratable(undefined)).toMatch(/^unable to determine the Calico API version/);
});
