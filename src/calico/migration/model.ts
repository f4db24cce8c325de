/** What goes into a conversion and what comes out of it. */

/** A leaf of the v1 datastore: an etcd v2 key that is no directory, or its stand-in from a Kubernetes datastore (`kdd.ts`). */
export interface V1Entry {
  /** etcd's own form: `/calico/v1/config/LogSeverityScreen`. Names inside are escaped (`%25`, `%2f`), as stored. */
  readonly path: string;
  readonly value: string;
}

/** The parts of a migration, in the order in which upstream reads, converts and stores them. */
export const PARTS = [
  'config',
  'host-config',
  'bgp-config',
  'nodes',
  'global-peers',
  'node-peers',
  'host-endpoints',
  'ip-pools',
  'policies',
  'profiles',
  'workload-endpoints',
  'ipam-blocks',
  'ipam-affinities',
  'ipam-handles',
  'ipam-config',
  'rest',
] as const;
export type Part = (typeof PARTS)[number];

/** One unit of work: all leaves found at `paths` go into one call of `Conversion.convert`. */
export interface V1Read {
  readonly part: Part;
  readonly paths: readonly V1Path[];
  /** The v1 host name the read is about, where reads go host by host. */
  readonly host?: string;
}

export interface V1Path {
  readonly path: string;
  /** `all`: every leaf below (`recursive=true`). `children`: the direct children only; a directory among them counts as a leaf with the value `''`. A missing path has no leaves. */
  readonly depth: 'all' | 'children';
}

/** Kinds of Calico's v3 API that a migration writes. */
export type V3Kind =
  | 'FelixConfiguration'
  | 'ClusterInformation'
  | 'BGPConfiguration'
  | 'Node'
  | 'BGPPeer'
  | 'HostEndpoint'
  | 'IPPool'
  | 'GlobalNetworkPolicy'
  | 'Profile'
  | 'WorkloadEndpoint';

/** A v3 object as a user of the API sees it: a policy's name is without the storage prefix `default.`, nothing is stamped. */
export interface V3Resource {
  readonly kind: V3Kind;
  readonly apiVersion: 'projectcalico.org/v3';
  readonly metadata: {
    readonly name: string;
    /** Workload endpoints only. */
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Something to write: an object of the v3 API, or IPAM data, which are no API objects. `storedObject` gives key and value in etcd v3. */
export type V3Object = { readonly is: 'resource'; readonly resource: V3Resource } | { readonly is: 'ipam'; readonly path: string; readonly value: object };

/**
 * What became of something in the v1 datastore. Every leaf that is read ends in at least one outcome, alone or with others (the settings of a Felix
 * configuration, the three keys of a profile); one object can have a clash and a validation error.
 */
export type Outcome =
  | Converted
  /** A later object has the v3 name of an earlier one. The earlier one stays converted. */
  | { readonly is: 'clash'; readonly v1: string; readonly other: string; readonly v3: string }
  | { readonly is: 'conversion error'; readonly v1: string; readonly cause: string }
  | { readonly is: 'validation error'; readonly v1: string; readonly v3: string; readonly cause: string; readonly resource: V3Resource }
  /** Left behind on purpose; `why` is a sentence part: "Kubernetes network policy; the v3 controllers make it again". */
  | { readonly is: 'skipped'; readonly v1: string; readonly why: string };

/** A valid object. `v1` and `v3` are key strings such as `Policy(name=X)`; `named` says whether upstream's report of converted names lists it. */
export interface Converted {
  readonly is: 'converted';
  readonly object: V3Object;
  readonly v1: string;
  readonly v3: string;
  readonly named: boolean;
}

/** A clash, a conversion error or a validation error: any of these keeps a migration from being started. */
export function isFailure(outcome: Outcome): boolean {
  return outcome.is === 'clash' || outcome.is === 'conversion error' || outcome.is === 'validation error';
}

/**
 * A conversion in progress. It keeps names (to find clashes), tunnel addresses and host names, never values; names of workload endpoints only as long as
 * another host could still clash with them.
 */
export interface Conversion {
  /** What to read, in order. The next read may be fetched while the last one is converted, but reads must be converted in this order. */
  readonly reads: Iterable<V1Read>;
  /**
   * Converts the leaves of one read, lazily: each is parsed when its outcome is asked for. Leaves may come in any order; outcomes come in etcd's sorted
   * order, so the same data give the same outcomes.
   * @throws RangeError when a read of an earlier part comes after one of a later part
   */
  convert(read: V1Read, entries: readonly V1Entry[]): Iterable<Outcome>;
}

export interface ConversionOptions {
  /** Where the v1 data are. In a Kubernetes datastore only the Felix and BGP configuration and the per-node BGP peers need converting. */
  readonly datastore: 'etcd' | 'kubernetes';
  /** The children of `/calico/v1/host` (`hostsPath`), each of them a node. With a Kubernetes datastore: none needed. @default none */
  readonly hosts?: readonly string[];
}
