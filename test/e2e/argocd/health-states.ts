/** One object for each state that a health script tells apart: what its controller would report, and what Argo CD has to make of it. */
import type { Json } from '../../cluster/cluster.ts';

export interface HealthState {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly cluster?: true;
  readonly metadata?: Json;
  readonly spec?: Json;
  /** Fields beside spec and status. */
  readonly fields?: Json;
  readonly status?: Json;
  /** The kind has no status subresource. */
  readonly plainStatus?: true;
  readonly health: 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended';
  /** What the message has to contain. */
  readonly says?: string;
}

const since = '2026-01-01T00:00:00Z';
type Condition = readonly [type: string, status: 'True' | 'False' | 'Unknown', reason: string, message?: string, more?: object];

function conditions(...all: readonly Condition[]): Json {
  return { conditions: all.map(([type, status, reason, message = '', more]) => ({ type, status, reason, message, lastTransitionTime: since, ...more })) };
}

const calico = { apiVersion: 'operator.tigera.io/v1', cluster: true } as const;
const seen = { observedGeneration: 1 };
const ready: Condition = ['Ready', 'True', 'AllObjectsAvailable', 'All objects available', seen];
const available: Condition = ['Available', 'True', 'AllObjectsAvailable', 'All objects available', seen];
const waits: Condition = ['Degraded', 'True', 'ResourceNotReady', 'Waiting for the API server', seen];
const crashes: Condition = ['Degraded', 'True', 'PodFailure', 'Pod calico-node-x has crash looping container', seen];
const rolls: Condition = ['Progressing', 'True', 'ResourceNotReady', '1 of 3 nodes', seen];

const tigera: readonly HealthState[] = [
  { ...calico, kind: 'Installation', name: 'default', status: { calicoVersion: 'v3.32.1', ...conditions(ready) }, health: 'Healthy', says: 'Calico v3.32.1' },
  { ...calico, kind: 'Installation', name: 'tigera-secure', status: conditions(['Ready', 'False', 'NotReady', '', seen], crashes), health: 'Degraded', says: 'crash looping' },
  { ...calico, kind: 'Installation', name: 'overlay', status: conditions(ready, rolls), health: 'Progressing', says: '1 of 3 nodes' },
  { ...calico, kind: 'APIServer', name: 'default', status: conditions(['Ready', 'False', 'NotReady', '', seen], waits), health: 'Progressing', says: 'Waiting for the API server' },
  { ...calico, kind: 'APIServer', name: 'tigera-secure', status: conditions([...ready.slice(0, 4), { observedGeneration: 0 }] as unknown as Condition), health: 'Progressing', says: 'not seen the latest change' },
  { ...calico, kind: 'Goldmane', name: 'default', status: conditions(ready), health: 'Healthy' },
  { ...calico, kind: 'Whisker', name: 'default', status: conditions(['Ready', 'False', 'NotReady', 'no Pod yet', seen]), health: 'Progressing', says: 'no Pod yet' },
  { ...calico, kind: 'TigeraStatus', name: 'calico', status: conditions(available), health: 'Healthy' },
  { ...calico, kind: 'TigeraStatus', name: 'apiserver', status: conditions(available, crashes), health: 'Degraded', says: 'crash looping' },
  { ...calico, kind: 'TigeraStatus', name: 'ippools', status: conditions(available, rolls), health: 'Progressing', says: '1 of 3 nodes' },
  { ...calico, kind: 'TigeraStatus', name: 'tiers', health: 'Progressing', says: 'not reported yet' },
];

const task = { apiVersion: 'openebs.io/v1alpha1', kind: 'UpgradeTask', spec: { fromVersion: '3.5.0', toVersion: '3.6.0', cstorPoolInstance: { cspiName: 'pool-1' } }, plainStatus: true } as const;
const pools = { apiVersion: 'cstor.openebs.io/v1', kind: 'CStorPoolCluster', spec: { pools: [] }, plainStatus: true } as const;
const pool = (count: readonly [desired: number, provisioned: number, healthy: number], current: string, state = 'Reconciled', message = ''): Partial<HealthState> => ({
  status: { desiredInstances: count[0], provisionedInstances: count[1], healthyInstances: count[2] },
  fields: { versionDetails: { desired: '3.6.0', status: { current, state, message } } },
});

const openebs: readonly HealthState[] = [
  { ...task, name: 'done', status: { phase: 'Success', completedTime: since }, health: 'Healthy', says: 'upgraded to 3.6.0' },
  { ...task, name: 'failed', status: { phase: 'Error', retries: 4, upgradeDetailedStatuses: [{ step: 'PRE_UPGRADE', phase: 'Errored', message: 'pool is offline' }] }, health: 'Degraded', says: 'pool is offline' },
  { ...task, name: 'retried', status: { phase: 'Started', upgradeDetailedStatuses: [{ step: 'POOL_INSTANCE_UPGRADE', phase: 'Errored', reason: 'timeout' }] }, health: 'Progressing', says: 'POOL_INSTANCE_UPGRADE Errored (timeout)' },
  { ...task, name: 'waiting', health: 'Progressing', says: 'waiting for the upgrade Job' },
  { ...pools, ...pool([3, 3, 3], '3.6.0'), name: 'healthy', health: 'Healthy', says: '3 pools are healthy' },
  { ...pools, ...pool([3, 3, 3], '3.5.0', 'ReconcileFailed', 'image not found'), name: 'failed', health: 'Degraded', says: 'image not found' },
  { ...pools, ...pool([3, 3, 3], '3.5.0'), name: 'upgrading', health: 'Progressing', says: 'version 3.5.0, wanted 3.6.0' },
  { ...pools, ...pool([3, 1, 1], '3.6.0'), name: 'growing', health: 'Progressing', says: '1 of 3 pools are there' },
  { ...pools, ...pool([3, 3, 2], '3.6.0'), name: 'one-down', health: 'Progressing', says: '2 of 3 pools are healthy' },
];

const plan = { apiVersion: 'upgrade.cattle.io/v1', kind: 'Plan', spec: { version: 'v1.34.2+k3s1', upgrade: { image: 'rancher/k3s-upgrade' } } } as const;
const image = { apiVersion: 'elemental.cattle.io/v1beta1', kind: 'ManagedOSImage', spec: { osImage: 'registry.example.com/os:2' } } as const;
const created: Condition = ['FleetBundleCreation', 'True', 'FleetBundleCreateSuccess'];

const nodes: readonly HealthState[] = [
  { ...plan, name: 'complete', status: { latestVersion: 'v1.34.2-k3s1', ...conditions(['Validated', 'True', 'PlanIsValid'], ['Complete', 'True', 'PlanComplete']) }, health: 'Healthy', says: 'v1.34.2-k3s1' },
  { ...plan, name: 'invalid', status: conditions(['Validated', 'False', 'Error', 'spec.drain is wrong']), health: 'Degraded', says: 'Validated: spec.drain is wrong' },
  { ...plan, name: 'applying', status: { latestVersion: 'v1.34.2-k3s1', applying: ['node-1', 'node-2'], ...conditions(['Complete', 'False', 'Applying']) }, health: 'Progressing', says: 'upgrading node-1, node-2' },
  { ...plan, name: 'stale', status: { latestVersion: 'v1.33.0-k3s1', ...conditions(['Complete', 'True', 'PlanComplete']) }, health: 'Progressing', says: 'not seen version v1.34.2+k3s1' },
  { ...image, name: 'delivered', status: conditions(created, ['Ready', 'True', 'Ready']), health: 'Healthy', says: 'delivered' },
  { ...image, name: 'refused', status: conditions(created, ['Ready', 'False', 'Error', 'ErrApplied(1) [Bundle mos-x: plans is forbidden]']), health: 'Degraded', says: 'plans is forbidden' },
  { ...image, name: 'no-bundle', status: conditions(['FleetBundleCreation', 'False', 'FleetBundleCreateFailure', 'quota']), health: 'Degraded', says: 'quota' },
  { ...image, name: 'on-its-way', status: conditions(created, ['Ready', 'False', 'Waiting', 'WaitApplied(1) [Bundle mos-x]']), health: 'Progressing', says: 'WaitApplied' },
];

const machines = {
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'MachineDeployment',
  spec: {
    clusterName: 'one',
    replicas: 3,
    selector: { matchLabels: { pool: 'a' } },
    template: {
      metadata: { labels: { pool: 'a' } },
      spec: { clusterName: 'one', version: 'v1.34.2', bootstrap: { dataSecretName: 'data' }, infrastructureRef: { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'DevMachineTemplate', name: 'a' } },
    },
  },
} as const;
const counted = (replicas: number, upToDateReplicas: number, availableReplicas: number) => ({ observedGeneration: 1, phase: 'Running', replicas, upToDateReplicas, availableReplicas });
const controlPlane = { apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2', kind: 'KubeadmControlPlane', spec: { replicas: 3, version: 'v1.34.2' } } as const;
const standing = { observedGeneration: 1, replicas: 3, readyReplicas: 3, upToDateReplicas: 3, initialization: { controlPlaneInitialized: true } };
const cluster = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', spec: { controlPlaneRef: { apiGroup: 'controlplane.cluster.x-k8s.io', kind: 'KubeadmControlPlane', name: 'one' } } } as const;
const provisioned = { observedGeneration: 1, phase: 'Provisioned' };
const up: Condition = ['Available', 'True', 'Available', '', seen];

const clusterApi: readonly HealthState[] = [
  { ...machines, name: 'done', status: counted(3, 3, 3), health: 'Healthy', says: '3 of 3' },
  { ...machines, name: 'skewed', status: counted(3, 0, 3), health: 'Progressing', says: '0 of 3 machines are up to date' },
  { ...machines, name: 'surging', status: counted(4, 3, 4), health: 'Progressing', says: '1 old machines' },
  { ...machines, name: 'starting', status: counted(3, 3, 2), health: 'Progressing', says: '2 of 3 machines are available' },
  { ...machines, name: 'unseen', status: { ...counted(3, 3, 3), observedGeneration: undefined }, health: 'Progressing', says: 'not seen the latest change' },
  { ...machines, name: 'failed', status: { ...counted(3, 3, 3), phase: 'Failed' }, health: 'Degraded', says: 'Failed' },
  { ...machines, name: 'paused', spec: { ...machines.spec, paused: true }, status: counted(3, 3, 3), health: 'Suspended' },
  { ...controlPlane, name: 'done', status: { ...standing, ...conditions(up) }, health: 'Healthy', says: '3 machines run v1.34.2' },
  { ...controlPlane, name: 'rolling', status: { ...standing, replicas: 4, upToDateReplicas: 1 }, health: 'Progressing', says: '1 of 3 machines are up to date' },
  { ...controlPlane, name: 'quorum-lost', status: { ...standing, ...conditions(['Available', 'False', 'NotAvailable', 'etcd has lost its quorum', seen]) }, health: 'Degraded', says: 'quorum' },
  { ...controlPlane, name: 'older-done', status: { observedGeneration: 1, initialized: true, replicas: 3, readyReplicas: 3, updatedReplicas: 3 }, health: 'Healthy' },
  { ...controlPlane, name: 'older-failed', status: { observedGeneration: 1, failureMessage: 'no image' }, health: 'Degraded', says: 'no image' },
  { ...controlPlane, name: 'paused', metadata: { annotations: { 'cluster.x-k8s.io/paused': '' } }, status: standing, health: 'Suspended' },
  { ...cluster, name: 'done', status: { ...provisioned, ...conditions(up) }, health: 'Healthy' },
  { ...cluster, name: 'rolling', status: { ...provisioned, ...conditions(up, ['RollingOut', 'True', 'RollingOut', 'one control plane machine is rolled', seen]) }, health: 'Progressing', says: 'control plane machine' },
  { ...cluster, name: 'pending', status: { ...provisioned, ...conditions(up, ['TopologyReconciled', 'False', 'ControlPlaneUpgradePending', 'upgrade on hold', seen]) }, health: 'Progressing', says: 'upgrade on hold' },
  { ...cluster, name: 'broken', status: { ...provisioned, ...conditions(up, ['TopologyReconciled', 'False', 'ReconcileFailed', 'no such class', seen]) }, health: 'Degraded', says: 'no such class' },
  { ...cluster, name: 'down', status: { ...provisioned, ...conditions(['Available', 'False', 'NotAvailable', 'the control plane is down', seen]) }, health: 'Degraded', says: 'is down' },
  { ...cluster, name: 'new', status: { observedGeneration: 1, phase: 'Provisioning' }, health: 'Progressing', says: 'Provisioning' },
  { ...cluster, name: 'paused', spec: { ...cluster.spec, paused: true }, status: provisioned, health: 'Suspended' },
];

const source = { repoURL: 'https://git.example.com/clusters', path: 'one', targetRevision: 'v2', plugin: { parameters: [{ name: 'spec', string: 'calico' }] } };
const destination = { server: 'https://kubernetes.default.svc', namespace: 'kube-system' };
const automated = { project: 'default', source, destination, syncPolicy: { automated: {} } };
/** In a namespace that no controller looks after. */
const application = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', spec: automated, plainStatus: true } as const;
const compared = (is: string, revision = 'b'.repeat(40)) => ({ sync: { status: is, revision, comparedTo: { source, destination } } });
const last = (phase: string, message: string, revision = 'b'.repeat(40)) => ({ operationState: { phase, message, startedAt: since, operation: { sync: {} }, syncResult: { revision, source } } });
const good = { health: { status: 'Healthy' } };

const applications: readonly HealthState[] = [
  { ...application, name: 'done', status: { ...compared('Synced'), ...last('Succeeded', 'successfully synced'), ...good }, health: 'Healthy', says: 'synced to bbbb' },
  { ...application, name: 'new', health: 'Progressing', says: 'not compared' },
  { ...application, name: 'changed', spec: { ...automated, source: { ...source, plugin: { parameters: [{ name: 'spec', string: 'other' }] } } }, status: { ...compared('Synced'), ...good }, health: 'Progressing', says: 'not compared' },
  { ...application, name: 'empty-fields', spec: { ...automated, source: { ...source, kustomize: { images: [] } } }, status: { ...compared('Synced'), ...good }, health: 'Healthy' },
  { ...application, name: 'several', spec: { project: 'default', sources: [source, { ...source, path: 'two' }], destination }, status: { sync: { status: 'Synced', comparedTo: { sources: [source, { ...source, path: 'two' }], destination } }, ...good }, health: 'Healthy', says: 'synced to its sources' },
  { ...application, name: 'due', status: { ...compared('OutOfSync'), ...last('Succeeded', 'successfully synced', 'a'.repeat(40)), ...good }, health: 'Progressing', says: 'OutOfSync' },
  { ...application, name: 'by-hand', spec: { project: 'default', source, destination }, status: { ...compared('OutOfSync'), ...good }, health: 'Suspended', says: 'somebody has to start the sync' },
  { ...application, name: 'about-to-start', fields: { operation: { sync: {} } }, status: { ...compared('OutOfSync'), ...good }, health: 'Progressing', says: 'about to start' },
  { ...application, name: 'running', status: { ...compared('Synced'), ...last('Running', 'waiting for completion of hook batch/Job/verify'), ...good }, health: 'Progressing', says: 'hook batch/Job/verify' },
  { ...application, name: 'failed-hook', status: { ...compared('Synced'), ...last('Failed', 'one or more synchronization tasks completed unsuccessfully'), ...good }, health: 'Degraded', says: 'completed unsuccessfully' },
  { ...application, name: 'failed-then-reverted', status: { ...compared('Synced'), ...last('Failed', 'old', 'a'.repeat(40)), ...good }, health: 'Healthy' },
  { ...application, name: 'failed-before', status: { ...compared('OutOfSync'), ...last('Failed', 'old', 'a'.repeat(40)), ...good }, health: 'Progressing', says: 'OutOfSync' },
  { ...application, name: 'no-manifests', status: { ...compared('Unknown'), conditions: [{ type: 'ComparisonError', message: 'hookwave cmp generate failed' }], ...good }, health: 'Progressing', says: 'generate failed' },
  { ...application, name: 'invalid', status: { ...compared('Unknown'), conditions: [{ type: 'InvalidSpecError', message: 'no such project' }] }, health: 'Degraded', says: 'no such project' },
  { ...application, name: 'sick', status: { ...compared('Synced'), health: { status: 'Degraded' } }, health: 'Degraded' },
  { ...application, name: 'missing', status: { ...compared('Synced'), health: { status: 'Missing' } }, health: 'Progressing', says: 'its health is Missing' },
];

const daemonSet = (more: Json): Partial<HealthState> => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  spec: {
    selector: { matchLabels: { app: 'x' } },
    template: { metadata: { labels: { app: 'x' } }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'x', image: 'hookwave.test/none:1', imagePullPolicy: 'Never' }] } },
    ...more,
  },
});
const own = (base: Partial<HealthState>, rest: Pick<HealthState, 'name' | 'health'> & Partial<HealthState>) => ({ ...base, ...rest }) as HealthState;
const definition = (plural: string, kind: string): Partial<HealthState> => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  cluster: true,
  name: `${plural}.health.hookwave.test`,
  spec: {
    group: 'health.hookwave.test',
    scope: 'Namespaced',
    names: { plural, kind },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
});

export const ownedNames = own(definition('things', 'Thing'), { name: 'things.health.hookwave.test', health: 'Healthy' });

/** The kinds whose status real controllers write here. */
const builtIn: readonly HealthState[] = [
  own(daemonSet({ updateStrategy: { type: 'OnDelete' } }), { name: 'on-delete', health: 'Healthy', says: 'OnDelete' }),
  own(daemonSet({ updateStrategy: { type: 'OnDelete' } }), { name: 'frozen', health: 'Degraded', says: 'hookwave has frozen the rollout of plan 0a1b2c3d: 0 of 1 nodes' }),
  own(daemonSet({}), { name: 'not-ready', health: 'Progressing', says: '0 of 1 nodes are available' }),
  ownedNames,
  // A second definition of the same kind in the same group: the API server does not accept its names.
  own(definition('others', 'Thing'), { name: 'others.health.hookwave.test', health: 'Degraded', says: 'its names are taken' }),
];

export const healthStates: readonly HealthState[] = [...tigera, ...openebs, ...nodes, ...clusterApi, ...applications, ...builtIn];

export const newDefinition = own(definition('news', 'New'), { name: 'news.health.hookwave.test', health: 'Healthy', metadata: { annotations: { 'argocd.argoproj.io/sync-wave': '-1' } } });
