import compare from 'semver/functions/compare.js';
import parse from 'semver/functions/parse.js';
import { RELEASE_ALIASES } from './known-releases.ts';

/** A Calico version. */
export interface Version {
  /** The release without any suffix, `v3.24.6`. */
  readonly release: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** `0.dev`, `rc1`: built before the release and ordered below it. */
  readonly prerelease?: string;
  /** `rhel`, `rancher1`: the release built again and ordered as the release itself. */
  readonly rebuild?: string;
}

const MAXIMUM_LENGTH = 128;
const BEFORE_RELEASE = /^(?:0\.dev|dev|alpha|beta|rc|pre)/i;

/** Reads `v3.24.6`, `3.24.6`, `v3.33.0-0.dev-12-gabc`, `v3.24.6-rhel`; `undefined` for what names no exact version (`v3.24`, `master`, `latest`). */
export function parseVersion(text: string): Version | undefined {
  if (text.length > MAXIMUM_LENGTH) return undefined;
  const [, core, suffix] = /^v?(\d+\.\d+\.\d+)(?:[-+_]([0-9A-Za-z._+-]+))?$/.exec(text) ?? [];
  const parsed = core === undefined ? null : parse(core);
  if (!parsed) return undefined;
  const { major, minor, patch } = parsed;
  const version = { release: `v${parsed.version}`, major, minor, patch };
  if (suffix === undefined) return version;
  return BEFORE_RELEASE.test(suffix) ? { ...version, prerelease: suffix } : { ...version, rebuild: suffix };
}

/** @throws TypeError when the text names no exact version. */
export function versionOf(version: Version | string): Version {
  if (typeof version !== 'string') return version;
  const parsed = parseVersion(version);
  if (!parsed) throw new TypeError(`"${version}" is no Calico version; expected vMAJOR.MINOR.PATCH, for example v3.32.1`);
  return parsed;
}

/** Negative when `a` is lower, 0 when equal. Two prereleases of one release count as equal. @throws TypeError on what is no version. */
export function compareVersions(a: Version | string, b: Version | string): number {
  const [left, right] = [versionOf(a), versionOf(b)];
  return compare(left.release, right.release) || rank(left) - rank(right);
}

function rank(version: Version): number {
  return version.prerelease === undefined ? 1 : 0;
}

/**
 * Whether the way from `from` to `to` leads over `change`: from < change <= to.
 * In doubt it does: a prerelease of `change` as `to` behaves like it already, as `from` perhaps not yet.
 * @throws TypeError on what is no version.
 */
export function crosses(from: Version | string, to: Version | string, change: Version | string): boolean {
  return compareVersions(from, change) < 0 && compare(versionOf(to).release, versionOf(change).release) >= 0;
}

/** The version that the images of a release carry and that its calico-node writes into ClusterInformation. */
export function imageVersionOf(release: Version | string): string {
  const { release: name } = versionOf(release);
  return RELEASE_ALIASES.find((alias) => alias.release === name)?.images ?? name;
}

/** Whether an image tag, or a version that calico-node reports, belongs to this release; suffixes of rebuilds are ignored. */
export function isRelease(imageTag: string | undefined, release: Version | string): boolean {
  const tag = imageTag === undefined ? undefined : parseVersion(imageTag);
  if (!tag) return false;
  const wanted = versionOf(release);
  return [wanted.release, imageVersionOf(wanted)].includes(tag.release) && rank(tag) === rank(wanted);
}
