import type { Cluster, KubeObject, Resource } from '../kube/cluster.ts';
import { isConflict, isForbidden, isNotFound } from '../kube/errors.ts';
import { detectDatastore, type Datastore } from './datastore.ts';
import type { GlobalPolicy, HostEndpoint, PolicySpec, Tier } from './model.ts';
import { calicoResource, type CalicoGroup } from './resources.ts';
import { hasLabelAnywhere, labelPatch, newPolicy, readHostEndpoint, readPolicy, readTier, storageRules, unlabelPatch } from './storage.ts';

/** Calico's host endpoints and global policies, whatever API they are behind. Every write has a precondition and is decided anew on a conflict. */
export interface CalicoApi {
  readonly datastore: Extract<Datastore, { is: 'kubernetes' }>;
  /** What to watch for changes of host endpoints and policies. */
  readonly watched: readonly Resource[];
  hostEndpoints(): Promise<readonly HostEndpoint[]>;
  globalPolicies(): Promise<readonly GlobalPolicy[]>;
  /** None where there are no tiers yet, or where they may not be read. */
  tiers(): Promise<readonly Tier[]>;
  /** `false` when the endpoint is gone or carries a label of that key. */
  label(endpoint: HostEndpoint, key: string, value: string): Promise<boolean>;
  /** `false` when the endpoint is gone or carries no label of that key. */
  unlabel(endpoint: HostEndpoint, key: string): Promise<boolean>;
  /** @throws ApiError 409 AlreadyExists */
  createPolicy(name: string, annotations: Readonly<Record<string, string>>, spec: PolicySpec): Promise<void>;
  /** Deletes exactly the object seen; `false` when it was gone. */
  deletePolicy(policy: GlobalPolicy): Promise<boolean>;
}

export interface CalicoApiOptions {
  /** Namespace of Calico. @default etcd is not looked for */
  readonly namespace?: string;
  /** Version whose reading of the storage counts. @default the newest */
  readonly reader?: string;
  /** Version whose storage rules new objects follow. @default the newest */
  readonly writer?: string;
}

export interface OpenedCalico {
  readonly datastore: Datastore;
  /** Absent when Calico keeps its data in etcd, or is not there. */
  readonly api?: CalicoApi;
}

/** Finds the API to use. @throws ApiError, ApiUnavailable as the cluster gives them */
export async function openCalico(cluster: Cluster, options: CalicoApiOptions = {}): Promise<OpenedCalico> {
  const datastore = await detectDatastore(cluster, options.namespace);
  return datastore.is === 'kubernetes' ? { datastore, api: calicoApi(cluster, datastore, options) } : { datastore };
}

function calicoApi(cluster: Cluster, datastore: CalicoApi['datastore'], { reader, writer }: CalicoApiOptions): CalicoApi {
  const { group } = datastore;
  const rules = storageRules(reader);
  const [endpoints, policies, tiers] = resourcesOf(group);
  return {
    datastore,
    watched: [endpoints, policies],
    hostEndpoints: async () => (await listOrNone(cluster, endpoints)).map((stored) => readHostEndpoint(stored, rules)),
    globalPolicies: async () => (await listOrNone(cluster, policies)).map((stored) => readPolicy(stored, rules)),
    tiers: async () => (await listReadable(cluster, tiers)).map(readTier),
    label: ({ stored: seen }, key, value) => change(cluster, endpoints, seen, (stored) => (Object.hasOwn(readHostEndpoint(stored, rules).labels, key) ? undefined : labelPatch(key, value))),
    unlabel: ({ stored: seen }, key) => change(cluster, endpoints, seen, (stored) => (hasLabelAnywhere(stored, key) ? unlabelPatch(stored, key) : undefined)),
    async createPolicy(name, annotations, spec) {
      await cluster.create(policies, newPolicy(name, annotations, spec, group, storageRules(writer)));
    },
    deletePolicy: ({ stored }) => cluster.delete(policies, stored),
  };
}

function resourcesOf(group: CalicoGroup): readonly [Resource, Resource, Resource] {
  return [calicoResource('hostEndpoints', group), calicoResource('globalNetworkPolicies', group), calicoResource('tiers', group)];
}

/** Nothing where the API has no such kind. */
async function listOrNone(cluster: Cluster, resource: Resource): Promise<readonly KubeObject[]> {
  try {
    return await cluster.list(resource);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

async function listReadable(cluster: Cluster, resource: Resource): Promise<readonly KubeObject[]> {
  try {
    return await listOrNone(cluster, resource);
  } catch (error) {
    if (isForbidden(error)) return [];
    throw error;
  }
}

const ATTEMPTS = 10;

/** Begins with the object as it was seen; only a conflict makes it read again. */
async function change(cluster: Cluster, resource: Resource, seen: KubeObject, decide: (stored: KubeObject) => object | undefined): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const stored = attempt === 1 ? seen : await cluster.get(resource, seen.metadata.name);
    const patch = stored && decide(stored);
    if (!stored || !patch) return false;
    try {
      await cluster.mergePatch(resource, stored, patch);
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      if (!isConflict(error) || attempt === ATTEMPTS) throw error;
    }
  }
}
