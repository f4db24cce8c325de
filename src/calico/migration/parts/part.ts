import type { NamesInUse } from '../names-in-use.ts';
import type { ConversionOptions, Outcome, V1Entry, V1Read, V3Kind, V3Resource } from '../model.ts';
import { v1Key, v1KeyText, type V1Key } from '../v1/keys.ts';
import { describeProblems } from '../validate/problem.ts';
import { validate } from '../validate/validate.ts';

/** What a conversion remembers from one read to the next. */
export interface State {
  readonly datastore: ConversionOptions['datastore'];
  readonly hosts: ReadonlySet<string>;
  /** Normalised names that more than one host has. */
  readonly sharedNodeNames: ReadonlySet<string>;
  readonly names: NamesInUse;
  /** `IpInIpTunnelAddr` by v1 host. */
  readonly tunnelAddresses: Map<string, string>;
}

/** Converts the leaves of one read, which come in etcd's order. */
export type PartConverter = (entries: readonly V1Entry[], read: V1Read, state: State) => Iterable<Outcome>;

/** An entry with its typed key, or what is said about an entry without one. */
export interface Keyed {
  readonly key: V1Key;
  readonly value: string;
}

/** Entries with keys of the v1 model; the others come out as outcomes, so that nothing is dropped in silence. */
export function keyed(entry: V1Entry): Keyed | Outcome {
  const key = v1Key(entry.path);
  if (!key) return { is: 'skipped', v1: entry.path, why: foreign(entry.path) };
  if (key.is === 'malformed') return { is: 'conversion error', v1: entry.path, cause: `the key can't be read: it ends in no ${key.wanted}` };
  return { key, value: entry.value };
}

function foreign(path: string): string {
  return path.startsWith('/calico/v1/policy/tier/') ? 'v3 as migrated to has the default tier only, and nothing to set on it' : 'no key of the v1 model that Calico 2.6 reads';
}

export function isKeyed(one: Keyed | Outcome): one is Keyed {
  return 'key' in one;
}

export interface Naming {
  readonly v1: string;
  /** Within which a name may be used once. @default the kind */
  readonly scope?: string;
  /** Whether upstream's report of converted names lists objects of this kind. @default true */
  readonly named?: boolean;
}

/** Clash, validation error, or the converted object. */
export function* judge(resource: V3Resource, names: NamesInUse, { v1, scope = resource.kind, named = true }: Naming): Generator<Outcome> {
  const { kind, metadata } = resource;
  const v3 = v3KeyText(kind, metadata.name, metadata.namespace);
  const other = names.claim(scope, `${metadata.namespace ?? ''}/${metadata.name}`, v1);
  if (other !== undefined) yield { is: 'clash', v1, other, v3 };
  const problems = validate(resource);
  if (problems.length > 0) yield { is: 'validation error', v1, v3, cause: describeProblems(problems), resource };
  if (other === undefined && problems.length === 0) yield { is: 'converted', object: { is: 'resource', resource }, v1, v3, named };
}

/** As upstream's reports call v3 objects: `Kind(name)`, `Kind(namespace/name)`. */
function v3KeyText(kind: V3Kind, name: string, namespace?: string): string {
  return namespace === undefined ? `${kind}(${name})` : `${kind}(${namespace}/${name})`;
}

export function conversionError(key: V1Key, cause: string): Outcome {
  return { is: 'conversion error', v1: v1KeyText(key), cause };
}

export function skipped(key: V1Key, why: string): Outcome {
  return { is: 'skipped', v1: v1KeyText(key), why };
}
