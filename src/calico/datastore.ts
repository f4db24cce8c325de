import type { Cluster, KubeObject } from '../kube/cluster.ts';
import { isForbidden } from '../kube/errors.ts';
import { API_SERVICES, CONFIG_MAPS } from '../kube/resources.ts';
import { CALICO_CONFIG_MAPS, V3_API_SERVICE } from './datastore-names.ts';
import { V1_GROUP, V3_GROUP, type CalicoGroup } from './resources.ts';

/** Where Calico's objects are, and through which API they are read and written. */
export type Datastore =
  | {
      readonly is: 'kubernetes';
      readonly group: CalicoGroup;
      /** `native`: v3 is made of CRDs. `aggregated`: v3 is calico-apiserver's. `storage`: the v1 CRDs themselves, with Calico's storage rules. */
      readonly through: 'native' | 'aggregated' | 'storage';
      readonly reason: string;
    }
  | { readonly is: 'etcd'; readonly reason: string }
  | { readonly is: 'none'; readonly reason: string };

interface ApiService extends KubeObject {
  readonly spec?: { readonly service?: unknown };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[] };
}

/**
 * Which API to use (projectcalico/calico, libcalico-go/lib/backend/k8s/discovery.go, and kube-aggregator's labels). An aggregated API that does not
 * answer is passed by: the storage behind it is there.
 * @param namespace of Calico's ConfigMap, which tells etcd from no Calico at all. @default not looked at
 */
export async function detectDatastore(cluster: Cluster, namespace?: string): Promise<Datastore> {
  const groups = new Set((await cluster.groups()).map(({ name }) => name));
  const [v3, v1] = [groups.has(V3_GROUP), groups.has(V1_GROUP)];
  if (v3 && !v1) return kubernetes('v3', 'native', `${V3_GROUP} is served, ${V1_GROUP} is not`);
  if (v3 && v1) return behindApiService(await readApiService(cluster));
  if (v1) return kubernetes('v1', 'storage', `only ${V1_GROUP} is served`);
  const etcd = namespace === undefined ? undefined : await findEtcd(cluster, namespace);
  return etcd ?? { is: 'none', reason: 'no Calico API is served' };
}

function kubernetes(group: CalicoGroup, through: 'native' | 'aggregated' | 'storage', reason: string): Datastore {
  return { is: 'kubernetes', group, through, reason };
}

/** `undefined` when it is missing, or may not be read by who runs this: a calico-node whose guard has lost its rights. */
async function readApiService(cluster: Cluster): Promise<ApiService | undefined> {
  try {
    return await cluster.get<ApiService>(API_SERVICES, V3_API_SERVICE);
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

function behindApiService(service: ApiService | undefined): Datastore {
  if (!service) return kubernetes('v1', 'storage', `APIService ${V3_API_SERVICE} can't be read`);
  if (service.metadata.labels?.['kube-aggregator.kubernetes.io/automanaged'] === 'true') {
    return kubernetes('v3', 'native', `CRDs lie behind APIService ${V3_API_SERVICE}`);
  }
  const available = service.status?.conditions?.find(({ type }) => type === 'Available');
  if (available?.status === 'True') return kubernetes('v3', 'aggregated', `APIService ${V3_API_SERVICE} is available`);
  return kubernetes('v1', 'storage', `APIService ${V3_API_SERVICE} is not available${available?.message ? ` (${available.message})` : ''}; using the storage behind it`);
}

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

async function findEtcd(cluster: Cluster, namespace: string): Promise<Datastore | undefined> {
  for (const name of CALICO_CONFIG_MAPS) {
    const configMap = await cluster.get<ConfigMap>(CONFIG_MAPS, name, namespace);
    if (configMap?.data?.['etcd_endpoints']) return { is: 'etcd', reason: `ConfigMap ${namespace}/${name} names etcd_endpoints` };
  }
  return undefined;
}
