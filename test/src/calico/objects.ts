/** Small Calico installs for tests. */
import type { ClusterInformation } from '../../../src/calico/cluster-information.ts';
import type { ContainerStatus, DaemonSet, Deployment, Pod } from '../../../src/calico/workloads.ts';
import type { Node } from '../../../src/calico/preflight.ts';

export const WORKLOAD = { namespace: 'kube-system', daemonset: 'calico-node', container: 'calico-node' } as const;

const LABELS = { 'k8s-app': 'calico-node' };

export interface RolledOptions {
  readonly version?: string;
  readonly desired?: number;
  /** Nodes that have a Pod. @default desired */
  readonly scheduled?: number;
  readonly updated?: number;
  readonly available?: number;
  readonly strategy?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** @default the API server's */
  readonly observedGeneration?: number;
}

export function nodeImage(version: string): string {
  return `docker.io/calico/node:${version}`;
}

/** Complete unless told otherwise. */
export function daemonSet({ version = 'v3.13.4', desired = 2, scheduled = desired, updated = desired, available = desired, strategy = 'RollingUpdate', annotations, observedGeneration = 99 }: RolledOptions = {}): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'calico-node', namespace: 'kube-system', uid: 'ds-uid', generation: 1, ...(annotations && { annotations }) },
    spec: {
      selector: { matchLabels: LABELS },
      updateStrategy: strategy === 'RollingUpdate' ? { type: strategy, rollingUpdate: { maxUnavailable: 1 } } : { type: strategy },
      template: {
        metadata: { labels: LABELS },
        spec: { containers: [{ name: 'calico-node', image: nodeImage(version), env: [{ name: 'DATASTORE_TYPE', value: 'kubernetes' }] }] },
      },
    },
    status: { observedGeneration, desiredNumberScheduled: desired, currentNumberScheduled: scheduled, updatedNumberScheduled: updated, numberAvailable: available, numberUnavailable: desired - available },
  };
}

export interface PodOptions {
  readonly version?: string;
  /** State of the container calico-node. @default running and ready */
  readonly container?: Partial<ContainerStatus>;
  readonly init?: ContainerStatus;
  readonly phase?: string;
  readonly owner?: string;
}

export function pod(name: string, { version = 'v3.13.4', container = {}, init, phase = 'Running', owner = 'ds-uid' }: PodOptions = {}): Pod {
  const status = { name: 'calico-node', ready: true, restartCount: 0, state: { running: { startedAt: '2026-01-01T00:00:00Z' } }, ...container };
  const ready = status.ready && !init;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'kube-system', labels: LABELS, ownerReferences: [{ kind: 'DaemonSet', name: 'calico-node', uid: owner }] },
    spec: { nodeName: `node-${name}`, containers: [{ name: 'calico-node', image: nodeImage(version) }] },
    status: {
      phase,
      conditions: [{ type: 'PodScheduled', status: 'True' }, { type: 'Ready', status: ready ? 'True' : 'False' }],
      ...(init && { initContainerStatuses: [init] }),
      containerStatuses: [status],
    },
  };
}

/** A container that crashes over and over. */
export const CRASHING: Partial<ContainerStatus> = {
  ready: false,
  restartCount: 4,
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } },
  lastState: { terminated: { exitCode: 1, reason: 'Error' } },
};

export function clusterInformation(calicoVersion: string, apiVersion = 'crd.projectcalico.org/v1'): ClusterInformation {
  return { apiVersion, kind: 'ClusterInformation', metadata: { name: 'default' }, spec: { calicoVersion } };
}

export function deployment(name: string, version = 'v3.13.4', available = 1): Deployment {
  const labels = { 'k8s-app': name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'kube-system', generation: 1 },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name, image: `docker.io/calico/${name.replace('calico-', '')}:${version}` }] } } },
    status: { observedGeneration: 99, replicas: 1, updatedReplicas: 1, availableReplicas: available, unavailableReplicas: 1 - available },
  };
}

export function node(name: string, ready = true): Node {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'Unknown' }] } };
}

/** A complete install of one version on two nodes. */
export function install(version = 'v3.13.4') {
  return [
    daemonSet({ version }),
    pod('a', { version }),
    pod('b', { version }),
    deployment('calico-kube-controllers', version),
    clusterInformation(version),
    node('node-a'),
    node('node-b'),
  ];
}
