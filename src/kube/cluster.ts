/** The cluster port: everything that steps and commands may ask of a Kubernetes API. */

/** A resource as its URL names it. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Field manager of every write. */
export const FIELD_MANAGER = 'hookwave';

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly { readonly manager?: string }[];
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

export interface Selection {
  readonly namespace?: string;
  /** Label selector in the API's own syntax. */
  readonly labels?: string;
  /** Field selector in the API's own syntax. */
  readonly fields?: string;
}

export interface ApiGroup {
  readonly name: string;
  readonly versions: readonly string[];
}

export interface LogOptions {
  readonly container?: string;
  readonly tailLines?: number;
  readonly previous?: boolean;
}

/**
 * Errors are `ApiError` (an HTTP answer) or `ApiUnavailable` (no answer, retried within bounds first).
 * Reads and writes honour 429 with Retry-After and retry resets; a write is only repeated when it carries a precondition.
 */
export interface Cluster {
  /** The API groups that are served; an aggregated group that is down is still listed. */
  groups(): Promise<readonly ApiGroup[]>;
  /** `undefined` on 404. */
  get<T extends KubeObject>(resource: Resource, name: string, namespace?: string): Promise<T | undefined>;
  /** All pages. */
  list<T extends KubeObject>(resource: Resource, selection?: Selection): Promise<readonly T[]>;
  create<T extends KubeObject>(resource: Resource, object: T): Promise<T>;
  /** PUT with the object's own `metadata.resourceVersion` as precondition. @throws ApiError 409 when it has moved on. */
  replace<T extends KubeObject>(resource: Resource, object: T): Promise<T>;
  /** JSON merge patch with `resourceVersion` as precondition. @throws ApiError 409 when the object has moved on. */
  mergePatch<T extends KubeObject>(resource: Resource, object: KubeObject, patch: object): Promise<T>;
  /** Deletes exactly the object seen (uid precondition), background propagation. `false` when it was already gone. */
  delete(resource: Resource, object: KubeObject): Promise<boolean>;
  /**
   * The current objects, then again after each change: list + watch, relists on 410 and on a dropped watch.
   * Ends when the signal is aborted, without an error.
   */
  observe<T extends KubeObject>(resource: Resource, selection: Selection, signal: AbortSignal): AsyncIterable<readonly T[]>;
  logs(namespace: string, pod: string, options?: LogOptions): Promise<string>;
  /** Milliseconds by which the API server's clock is ahead of the own one, by its last answer; 0 before the first. A node without NTP may be hours off. */
  clockOffset(): number;
}
