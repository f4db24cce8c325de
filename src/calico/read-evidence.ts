import { readClusterInformation } from './cluster-information.ts';
import { podsOf } from './install.ts';
import type { Evidence } from './proof.ts';
import { labelsOf, type DaemonSet, type Deployment, type Pod } from './workloads.ts';
import type { Cluster } from '../kube/cluster.ts';
import { DAEMON_SETS, DEPLOYMENTS, PODS } from '../kube/resources.ts';

/** Fresh reads of everything that proves an upgrade. */
export async function readEvidence(cluster: Cluster, namespace: string, daemonset: string, deployments: readonly string[]): Promise<Evidence> {
  const [node, information, found] = await Promise.all([
    readNode(cluster, namespace, daemonset),
    cluster.groups().then((groups) => readClusterInformation(cluster, groups)),
    Promise.all(deployments.map((name) => readDeployment(cluster, namespace, name))),
  ]);
  return { ...node, deployments: found, clusterVersion: information?.spec?.calicoVersion };
}

async function readNode(cluster: Cluster, namespace: string, daemonset: string): Promise<Pick<Evidence, 'daemonSet' | 'pods'>> {
  const daemonSet = await cluster.get<DaemonSet>(DAEMON_SETS, daemonset, namespace);
  return { daemonSet, pods: daemonSet ? await podsOf(cluster, daemonSet) : [] };
}

async function readDeployment(cluster: Cluster, namespace: string, name: string): Promise<Evidence['deployments'][number]> {
  const deployment = await cluster.get<Deployment>(DEPLOYMENTS, name, namespace);
  const pods = deployment ? await cluster.list<Pod>(PODS, { namespace, labels: labelsOf(deployment.spec.selector) }) : [];
  return { name, deployment, pods };
}
