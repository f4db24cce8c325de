/**
 * An in-memory cluster for unit tests: what an API server promises (resourceVersion, 409, uid, generation, watch), no controllers.
 * `put` and `remove` play the rest of the world; `writes` lists what the code under test did.
 */
import type { ApiGroup, Cluster, KubeObject, LogOptions, Resource, Selection } from '../src/kube/cluster.ts';
import { ApiError } from '../src/kube/errors.ts';

export interface Write {
  readonly verb: 'create' | 'replace' | 'patch' | 'delete';
  readonly kind: string;
  /** `namespace/name`, or the bare name of a cluster-scoped object. */
  readonly name: string;
  /** The patch of a `patch`, else the object sent. */
  readonly body: object;
}

export interface FakeCluster extends Cluster {
  /** Every mutating call that came through, in order. */
  readonly writes: Write[];
  /** Logs by `namespace/pod` or `namespace/pod/container`. */
  readonly podLogs: Map<string, string>;
  /** Called before a write takes effect; throw to refuse it (409, 403, kill). */
  onWrite: ((write: Write) => void) | undefined;
  /** Called after a write took effect; throw for "written, but the answer was lost". */
  afterWrite: ((write: Write) => void) | undefined;
  /** Creates or overwrites an object as a user or controller would, status included, without a trace in `writes`. */
  put<T extends KubeObject>(object: T): T;
  /** Removes an object as a user would. */
  remove(kind: string, name: string, namespace?: string): void;
  /** All objects of a kind, sorted by namespace and name. */
  all<T extends KubeObject = KubeObject>(kind: string): readonly T[];
  /** The one object of that kind and name. @throws Error when it is missing. */
  find<T extends KubeObject = KubeObject>(kind: string, name: string, namespace?: string): T;
  /** Number of calls of `observe` that are running. */
  readonly watchers: number;
  /** What `clockOffset` says. @default 0 */
  ahead: number;
}

export interface FakeOptions {
  /**
   * Names of the groups that are served; `list` and writes elsewhere are answered 404.
   * @default every group is served; `groups()` names the built-in ones and those of the objects
   */
  readonly groups?: readonly string[];
}

type Stored = KubeObject & { readonly spec?: unknown; readonly status?: unknown };

export function fakeCluster(objects: readonly KubeObject[] = [], options: FakeOptions = {}): FakeCluster {
  const store = new Map<string, Stored>();
  const listeners = new Set<() => void>();
  const seenGroups = new Set(BUILT_IN_GROUPS);
  let version = 0;
  let watchers = 0;

  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const save = (object: Stored): Stored => {
    const key = keyOf(groupOf(object), object.kind, object.metadata.namespace, object.metadata.name);
    const old = store.get(key);
    const next = stamped(object, old, () => String(++version));
    seenGroups.add(groupOf(object));
    store.set(key, next);
    changed();
    return next;
  };
  const serve = (resource: Resource): void => {
    if (options.groups && resource.group !== '' && !options.groups.includes(resource.group)) {
      throw new ApiError(404, 'NotFound', `the server could not find the requested resource ${resource.plural}.${resource.group}`);
    }
  };
  const current = (resource: Resource, name: string, namespace?: string): Stored | undefined =>
    store.get(keyOf(resource.group, resource.kind, resource.namespaced ? namespace : undefined, name));
  const select = <T extends KubeObject>(resource: Resource, selection: Selection): readonly T[] =>
    sorted(store.values())
      .filter((object) => groupOf(object) === resource.group && object.kind === resource.kind && matches(object, selection))
      .map((object) => copy(object) as KubeObject as T);
  const write = (entry: Write, effect: () => void): void => {
    fake.onWrite?.(entry);
    effect();
    fake.writes.push(entry);
    fake.afterWrite?.(entry);
  };
  const existing = (resource: Resource, object: KubeObject): Stored => {
    serve(resource);
    if (!object.metadata.resourceVersion) throw new Error(`write to ${resource.kind} ${nameOf(object)} without a resourceVersion`);
    const old = current(resource, object.metadata.name, object.metadata.namespace);
    if (!old) throw new ApiError(404, 'NotFound', `${resource.plural} "${object.metadata.name}" not found`);
    if (old.metadata.resourceVersion !== object.metadata.resourceVersion) {
      throw new ApiError(409, 'Conflict', `${resource.plural} "${object.metadata.name}": the object has been modified`);
    }
    return old;
  };
  const modify = <T extends KubeObject>(verb: 'replace' | 'patch', resource: Resource, object: KubeObject, body: object, next: (old: Stored) => object): T => {
    let result: Stored | undefined;
    write({ verb, kind: resource.kind, name: nameOf(object), body: copy(body) }, () => {
      const old = existing(resource, object);
      result = save(keepStatus(next(copy(old)) as Stored, old));
    });
    return copy(result) as KubeObject as T;
  };

  const fake: FakeCluster = {
    writes: [],
    podLogs: new Map(),
    onWrite: undefined,
    afterWrite: undefined,
    ahead: 0,
    get watchers() {
      return watchers;
    },
    put: (object) => copy(save(copy(object))) as unknown as typeof object,
    remove(kind, name, namespace) {
      for (const [key, object] of store) {
        if (object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace) store.delete(key);
      }
      changed();
    },
    all: <T extends KubeObject>(kind: string) => sorted(store.values()).filter((object) => object.kind === kind).map((object) => copy(object) as KubeObject as T),
    find<T extends KubeObject>(kind: string, name: string, namespace?: string): T {
      const found = fake.all<T>(kind).find((object) => object.metadata.name === name && object.metadata.namespace === namespace);
      if (!found) throw new Error(`fake cluster has no ${kind} ${namespace ? `${namespace}/` : ''}${name}`);
      return found;
    },
    async groups(): Promise<readonly ApiGroup[]> {
      const names = options.groups ?? [...seenGroups].filter(Boolean);
      return names.map((name) => ({ name, versions: versionsOf(name, store.values()) }));
    },
    async get<T extends KubeObject>(resource: Resource, name: string, namespace?: string): Promise<T | undefined> {
      const found = current(resource, name, namespace);
      return found && (copy(found) as KubeObject as T);
    },
    async list(resource, selection = {}) {
      serve(resource);
      return select(resource, selection);
    },
    async create<T extends KubeObject>(resource: Resource, object: T): Promise<T> {
      let result: Stored | undefined;
      write({ verb: 'create', kind: resource.kind, name: nameOf(object), body: copy(object) }, () => {
        serve(resource);
        if (current(resource, object.metadata.name, object.metadata.namespace)) {
          throw new ApiError(409, 'AlreadyExists', `${resource.plural} "${object.metadata.name}" already exists`);
        }
        result = save(copy(object));
      });
      return copy(result) as KubeObject as T;
    },
    replace: async (resource, object) => modify('replace', resource, object, object, () => copy(object)),
    mergePatch: async (resource, object, patch) => modify('patch', resource, object, patch, (old) => merge(old, patch) as object),
    async delete(resource, object) {
      if (!object.metadata.uid) throw new Error(`delete of ${resource.kind} ${nameOf(object)} without its uid`);
      let gone = false;
      write({ verb: 'delete', kind: resource.kind, name: nameOf(object), body: copy(object) }, () => {
        const old = current(resource, object.metadata.name, object.metadata.namespace);
        gone = !old || old.metadata.uid !== object.metadata.uid;
        if (!old || gone) return;
        store.delete(keyOf(resource.group, resource.kind, old.metadata.namespace, old.metadata.name));
        version++;
        changed();
      });
      return !gone;
    },
    async *observe<T extends KubeObject>(resource: Resource, selection: Selection, signal: AbortSignal) {
      watchers++;
      let wake: (() => void) | undefined;
      const listener = (): void => wake?.();
      listeners.add(listener);
      signal.addEventListener('abort', listener);
      try {
        for (let last: string | undefined; !signal.aborted;) {
          const snapshot = select<T>(resource, selection);
          const now = snapshot.map((object) => `${object.metadata.uid}@${object.metadata.resourceVersion}`).join();
          const woken = new Promise<void>((resolve) => (wake = resolve));
          if (now === last) await woken;
          else {
            last = now;
            yield snapshot;
          }
        }
      } finally {
        watchers--;
        listeners.delete(listener);
        signal.removeEventListener('abort', listener);
      }
    },
    async logs(namespace: string, pod: string, which: LogOptions = {}) {
      const log = fake.podLogs.get(`${namespace}/${pod}/${which.container}`) ?? fake.podLogs.get(`${namespace}/${pod}`);
      if (log === undefined) throw new ApiError(404, 'NotFound', `pods "${pod}" not found`);
      return which.tailLines === undefined ? log : log.split('\n').slice(-which.tailLines).join('\n');
    },
    clockOffset: () => fake.ahead,
  };
  for (const object of objects) fake.put(object);
  return fake;
}

const BUILT_IN_GROUPS = ['apps', 'batch', 'coordination.k8s.io', 'apiextensions.k8s.io', 'apiregistration.k8s.io', 'events.k8s.io'];

/** Kinds whose status is a subresource, so that ordinary writes leave it alone. */
const STATUS_KINDS = new Set(['Pod', 'Node', 'DaemonSet', 'Deployment', 'Job', 'APIService', 'CustomResourceDefinition', 'Namespace']);

function stamped(object: Stored, old: Stored | undefined, nextVersion: () => string): Stored {
  if (old && same(withoutVersion(object), withoutVersion(old))) return old;
  const resourceVersion = nextVersion();
  const generation = old ? (old.metadata.generation ?? 1) + (same(object.spec, old.spec) ? 0 : 1) : (object.metadata.generation ?? 1);
  return {
    ...object,
    metadata: {
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...object.metadata,
      uid: old?.metadata.uid ?? object.metadata.uid ?? `uid-${resourceVersion}`,
      resourceVersion,
      generation,
    },
  };
}

function withoutVersion(object: Stored): object {
  const { resourceVersion: _v, generation: _g, uid: _u, creationTimestamp: _c, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function keepStatus(next: Stored, old: Stored): Stored {
  if (!STATUS_KINDS.has(next.kind)) return next;
  const { status: _ignored, ...rest } = next;
  return old.status === undefined ? rest : { ...rest, status: old.status };
}

/** JSON merge patch, RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const result: Record<string, unknown> = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

function matches(object: Stored, selection: Selection): boolean {
  if (selection.namespace !== undefined && object.metadata.namespace !== selection.namespace) return false;
  const labels = object.metadata.labels ?? {};
  return requirements(selection.labels).every((one) => matchesLabel(labels, one)) && requirements(selection.fields).every((one) => matchesField(object, one));
}

/** Splits on commas outside parentheses. */
function requirements(selector: string | undefined): readonly string[] {
  return (selector ?? '').split(/,(?![^(]*\))/).map((part) => part.trim()).filter(Boolean);
}

function matchesLabel(labels: Readonly<Record<string, string>>, requirement: string): boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(requirement);
  if (set) return set[3]!.split(',').some((value) => value.trim() === labels[set[1]!]) === (set[2] === 'in');
  const equality = /^([^!=\s]+)\s*(!=|==?)\s*(\S*)$/.exec(requirement);
  if (equality) return (labels[equality[1]!] === equality[3]) === (equality[2] !== '!=');
  if (/^!\S+$/.test(requirement)) return !(requirement.slice(1) in labels);
  if (/^[^\s=!()]+$/.test(requirement)) return requirement in labels;
  throw new ApiError(400, 'BadRequest', `unable to parse label selector ${requirement}`);
}

function matchesField(object: Stored, requirement: string): boolean {
  const [, path, operator, value] = /^([\w.]+)(!=|==?)(.*)$/.exec(requirement) ?? [];
  if (!path) throw new ApiError(400, 'BadRequest', `unable to parse field selector ${requirement}`);
  const actual = path.split('.').reduce<unknown>((at, key) => (isMap(at) ? at[key] : undefined), object) ?? '';
  return (String(actual) === value) === (operator !== '!=');
}

function versionsOf(group: string, objects: Iterable<Stored>): readonly string[] {
  const versions = new Set([...objects].filter((object) => groupOf(object) === group).map((object) => object.apiVersion.split('/').at(-1)!));
  return versions.size > 0 ? [...versions] : ['v1'];
}

function groupOf(object: KubeObject): string {
  return object.apiVersion.includes('/') ? object.apiVersion.split('/')[0]! : '';
}

function nameOf(object: KubeObject): string {
  const { name, namespace } = object.metadata;
  return namespace ? `${namespace}/${name}` : name;
}

function keyOf(group: string, kind: string, namespace: string | undefined, name: string): string {
  return [group, kind, namespace ?? '', name].join('|');
}

function sorted(objects: Iterable<Stored>): readonly Stored[] {
  return [...objects].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isMap(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part)) ?? '';
}

function copy<T>(value: T): T {
  return structuredClone(value);
}
