import { convertKubernetes, type KubernetesNode, type KubernetesV1, type SettingResource } from '../../calico/migration/kdd.ts';
import type { Outcome } from '../../calico/migration/model.ts';
import type { Cluster, KubeObject, Resource } from '../../kube/cluster.ts';
import { isNotFound } from '../../kube/errors.ts';
import { NODES } from '../../kube/resources.ts';
import { GLOBAL_BGP_CONFIGS, GLOBAL_FELIX_CONFIGS } from './resources.ts';

/** What Calico v2.6 keeps in a Kubernetes datastore and v3 reads elsewhere. */
export interface V1Data extends KubernetesV1 {
  /** Names of custom resources that hold no setting, each with its kind. */
  readonly malformed: readonly string[];
}

interface StoredSetting extends KubeObject {
  readonly spec?: { readonly name?: unknown; readonly value?: unknown };
}

/** Without what else Nodes hold: thousands of them are kept. A kind that the API server does not know has no objects. */
export async function readV1(cluster: Cluster): Promise<V1Data> {
  const [felix, bgp, nodes] = await Promise.all([listOrNone<StoredSetting>(cluster, GLOBAL_FELIX_CONFIGS), listOrNone<StoredSetting>(cluster, GLOBAL_BGP_CONFIGS), cluster.list<KubeObject>(NODES)]);
  const malformed = [...felix, ...bgp].filter((one) => !isSetting(one)).map(({ kind, metadata }) => `${kind}(name=${metadata.name})`);
  return { felix: felix.filter(isSetting).map(settingOf), bgp: bgp.filter(isSetting).map(settingOf), nodes: nodes.map(peersOf).filter(({ metadata }) => metadata.annotations !== undefined), malformed };
}

/** The version of v1, which is a setting like others. */
export async function v1Version(cluster: Cluster): Promise<string | undefined> {
  const stored = await cluster.get<StoredSetting>(GLOBAL_FELIX_CONFIGS, 'calicoversion');
  return stored && isSetting(stored) ? settingOf(stored).spec.value : undefined;
}

/** Everything that is converted, and what can't be. */
export function* convertV1(v1: V1Data): Generator<Outcome> {
  for (const one of v1.malformed) yield { is: 'conversion error', v1: one, cause: 'its spec has no name, or a value that is no text' };
  yield* convertKubernetes(v1);
}

async function listOrNone<T extends KubeObject>(cluster: Cluster, resource: Resource): Promise<readonly T[]> {
  return cluster.list<T>(resource).catch((error: unknown) => {
    if (isNotFound(error)) return [];
    throw error;
  });
}

function isSetting({ spec }: StoredSetting): boolean {
  return typeof spec?.name === 'string' && spec.name !== '' && (spec.value === undefined || typeof spec.value === 'string');
}

function settingOf({ spec }: StoredSetting): SettingResource {
  return { spec: { name: String(spec?.name), value: String(spec?.value ?? '') } };
}

const PEERS = 'peer.bgp.projectcalico.org/';

function peersOf({ metadata: { name, annotations = {} } }: KubeObject): KubernetesNode {
  const peers = Object.entries(annotations).filter(([key]) => key.startsWith(PEERS));
  return { metadata: { name, ...(peers.length > 0 && { annotations: Object.fromEntries(peers) }) } };
}
