/** What of a manifest install is in the cluster. Reads only. */
import type { Cluster } from '../kube/cluster.ts';
import { DAEMON_SETS, DEPLOYMENTS, PODS } from '../kube/resources.ts';
import { hasCalicoApi, readClusterInformation, type ClusterInformation } from './cluster-information.ts';
import { KUBE_CONTROLLERS, NODE_DAEMON_SETS } from './names.ts';
import { labelsOf, type DaemonSet, type Deployment, type Pod, type Workload } from './workloads.ts';

export interface Install {
  readonly daemonSet?: DaemonSet;
  /** Pods of that DaemonSet. */
  readonly pods: readonly Pod[];
  /** DaemonSets of the other variants that are there. */
  readonly otherDaemonSets: readonly string[];
  readonly kubeControllers?: Deployment;
  readonly clusterInformation?: ClusterInformation;
  /** Whether a Calico API group is served. */
  readonly api: boolean;
}

export async function readInstall(cluster: Cluster, { namespace, daemonset }: Workload): Promise<Install> {
  const [daemonSet, kubeControllers, groups] = await Promise.all([
    cluster.get<DaemonSet>(DAEMON_SETS, daemonset, namespace),
    cluster.get<Deployment>(DEPLOYMENTS, KUBE_CONTROLLERS, namespace),
    cluster.groups(),
  ]);
  const [pods, clusterInformation, otherDaemonSets] = await Promise.all([
    daemonSet ? podsOf(cluster, daemonSet) : [],
    readClusterInformation(cluster, groups),
    daemonSet ? [] : otherVariants(cluster, namespace, daemonset),
  ]);
  return {
    pods,
    otherDaemonSets,
    api: hasCalicoApi(groups),
    ...(daemonSet && { daemonSet }),
    ...(kubeControllers && { kubeControllers }),
    ...(clusterInformation && { clusterInformation }),
  };
}

/** The Pods that the workload's selector finds and that no other object owns. */
export async function podsOf(cluster: Cluster, workload: DaemonSet): Promise<readonly Pod[]> {
  const { namespace, uid } = workload.metadata;
  const selected = await cluster.list<Pod>(PODS, { ...(namespace !== undefined && { namespace }), labels: labelsOf(workload.spec.selector) });
  return selected.filter((pod) => isOwnedBy(pod, uid));
}

export function isOwnedBy(pod: Pod, uid: string | undefined): boolean {
  const owners = pod.metadata.ownerReferences ?? [];
  return uid === undefined || owners.length === 0 || owners.some((owner) => owner.uid === uid);
}

async function otherVariants(cluster: Cluster, namespace: string, daemonset: string): Promise<readonly string[]> {
  const names = NODE_DAEMON_SETS.filter((name) => name !== daemonset);
  const found = await Promise.all(names.map((name) => cluster.get<DaemonSet>(DAEMON_SETS, name, namespace)));
  return names.filter((_name, index) => found[index] !== undefined);
}
