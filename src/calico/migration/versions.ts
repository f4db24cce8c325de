/** Whether a datastore is due for migration, from the versions found in it (libcalico-go `lib/upgrade/migrator/migrate.go`). */

const MINIMUM = [2, 6, 5] as const;
const TAGGED = 'a tagged release of Calico v2.6.5+';

export type Verdict = { readonly needed: boolean } | { readonly error: string };

/** Whether data of this version need migration. Prereleases count as the release. */
export function versionRequiresMigration(version: string): Verdict {
  const parts = parseVersion(version);
  if (!parts) return { error: 'unable to parse the version' };
  if (parts[0] >= 3n) return { needed: false };
  return atLeastMinimum(parts) ? { needed: true } : { error: `migration to v3 requires ${TAGGED}` };
}

/** Versions as the two datastores hold them. `undefined`: no such key or object. */
export interface FoundVersions {
  /** `/calico/v1/config/CalicoVersion`. */
  readonly v1: string | undefined;
  /** `spec.calicoVersion` of ClusterInformation `default`; an empty one counts as none. */
  readonly v3: string | undefined;
}

/** Upstream's rule for "needed": v3's version decides where there is one, else v1's. Neither: an empty datastore, nothing to migrate. */
export function shouldMigrate({ v1, v3 }: FoundVersions): Verdict {
  if (v3) return prefixed(versionRequiresMigration(v3), `unexpected CalicoVersion '${v3}' in ClusterInformation`);
  return v1 === undefined ? { needed: false } : v1Verdict(v1);
}

/** Upstream's rule for dry-run and start: only v1's version counts. `undefined`: it can be migrated. */
export function whyNotMigratable(v1: string | undefined): string | undefined {
  if (v1 === undefined) {
    return 'unable to determine the Calico API version: no version information found - check that the v1 API configuration names the right datastore';
  }
  const verdict = v1Verdict(v1);
  return 'error' in verdict ? verdict.error : undefined;
}

/** v1 holds no version of v3 unless somebody changed it by hand. */
function v1Verdict(version: string): Verdict {
  const verdict = versionRequiresMigration(version);
  if ('error' in verdict) return prefixed(verdict, `unable to migrate data from version '${version}'`);
  return verdict.needed ? verdict : { error: `unexpected Calico version '${version}': migration to v3 should be from ${TAGGED}` };
}

function prefixed(verdict: Verdict, prefix: string): Verdict {
  return 'error' in verdict ? { error: `${prefix}: ${verdict.error}` } : verdict;
}

type Numbers = readonly [bigint, bigint, bigint];

/** X.Y.Z, an optional prerelease after `-`, optional metadata after `+`, one leading `v` allowed: coreos/go-semver, which is laxer than SemVer. */
function parseVersion(version: string): Numbers | undefined {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)(?:-[^+]*)?(?:\+.*)?$/s.exec(version) ?? [];
  return major === undefined ? undefined : [BigInt(major), BigInt(minor!), BigInt(patch!)];
}

function atLeastMinimum(parts: Numbers): boolean {
  for (const [index, minimum] of MINIMUM.entries()) if (parts[index] !== BigInt(minimum)) return parts[index]! > BigInt(minimum);
  return true;
}
