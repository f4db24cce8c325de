/** Rights that the scenarios do not use, each with the reason why it is given all the same. Reviewed: an entry without need goes, with its right. */
export interface Unused {
  readonly accounts: readonly string[];
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resources: readonly string[];
  /** One of the names that the right is limited to. @default about all rights of these verbs on these resources */
  readonly name?: string;
  readonly reason: string;
  /** For a right that some runs use and others don't, by their timing: what decides it. Without it, no run may use the right, or the entry has to go. */
  readonly sometimes?: string;
}

const [PREFLIGHT, PREPARE, ROLLOUT, VERIFY, CLEANUP, RESCUE, TEST] = ['preflight', 'prepare', 'rollout', 'verify', 'cleanup', 'rescue', 'test'].map((job) => `hookwave-calico-${job}`) as [string, string, string, string, string, string, string];
/** Runs as the vendor's account. */
const GUARD = 'calico-node';

const V3 = 'projectcalico.org';
const OTHER_GROUP = 'the other API group: clusters with calico-apiserver or native v3 definitions; only prepare and cleanup have scenarios there';
const OF_TIERS = 'never asked for: calico-apiserver looks whether an account has it before it shows or takes a policy, and a stand-in plays calico-apiserver';
const LATE_ENDPOINT = 'an endpoint that appears during the rollout: only the full matrix has one';
const OPEN_RUN = 'helm test of a release whose run is still open: it waits for the proof and ends the run; the scenarios test a release that is done';

export const UNUSED: readonly Unused[] = [
  { accounts: [PREFLIGHT, ROLLOUT, VERIFY, RESCUE, TEST], verbs: ['get'], group: V3, resources: ['clusterinformations'], reason: OTHER_GROUP },
  { accounts: [PREFLIGHT, GUARD, ROLLOUT], verbs: ['list'], group: V3, resources: ['globalnetworkpolicies', 'hostendpoints', 'tiers'], reason: OTHER_GROUP },
  { accounts: [GUARD], verbs: ['watch'], group: V3, resources: ['globalnetworkpolicies', 'hostendpoints'], reason: OTHER_GROUP },
  { accounts: [ROLLOUT], verbs: ['get', 'patch', 'watch'], group: V3, resources: ['hostendpoints'], reason: OTHER_GROUP },
  { accounts: [ROLLOUT], verbs: ['create'], group: V3, resources: ['globalnetworkpolicies'], reason: OTHER_GROUP },
  { accounts: [CLEANUP], verbs: ['get'], group: V3, resources: ['globalnetworkpolicies'], reason: 'looked at when somebody makes the policy anew while it is deleted; the scenario for that is in the storage' },
  { accounts: [PREFLIGHT, PREPARE, GUARD, ROLLOUT, CLEANUP], verbs: ['get'], group: V3, resources: ['tiers'], reason: OF_TIERS },
  { accounts: [PREFLIGHT, PREPARE, GUARD, ROLLOUT, CLEANUP], verbs: ['list'], group: V3, resources: ['tier.globalnetworkpolicies'], reason: OF_TIERS },
  { accounts: [PREPARE, ROLLOUT], verbs: ['create'], group: V3, resources: ['tier.globalnetworkpolicies'], reason: OF_TIERS },
  { accounts: [GUARD], verbs: ['watch'], group: V3, resources: ['tier.globalnetworkpolicies'], reason: OF_TIERS },
  { accounts: [CLEANUP], verbs: ['delete', 'get'], group: V3, resources: ['tier.globalnetworkpolicies'], reason: OF_TIERS },
  { accounts: [PREFLIGHT, GUARD, ROLLOUT], verbs: ['get'], group: 'apiregistration.k8s.io', resources: ['apiservices'], reason: 'asked only where both API groups are served: tells calico-apiserver from native definitions; only prepare and cleanup have scenarios there' },
  { accounts: [PREPARE, ROLLOUT, CLEANUP], verbs: ['get'], group: '', resources: ['configmaps'], name: 'calico-config', reason: 'tells etcd from no Calico, where no Calico API is served', sometimes: 'whether an API server that was killed serves the definitions again when the step asks' },
  { accounts: [CLEANUP, RESCUE], verbs: ['create'], group: '', resources: ['configmaps'], reason: 'the first note makes the run record: somebody has deleted it since preflight' },
  { accounts: [PREPARE], verbs: ['patch'], group: '', resources: ['configmaps'], name: 'hookwave-calico-endpoints', reason: 'an endpoint that has come since an earlier prepare of the same upgrade' },
  { accounts: [ROLLOUT], verbs: ['patch'], group: '', resources: ['configmaps'], name: 'hookwave-calico-endpoints', reason: LATE_ENDPOINT },
  { accounts: [ROLLOUT], verbs: ['create'], group: 'crd.projectcalico.org', resources: ['globalnetworkpolicies'], reason: LATE_ENDPOINT },
  { accounts: [ROLLOUT], verbs: ['get', 'patch'], group: 'crd.projectcalico.org', resources: ['hostendpoints'], reason: LATE_ENDPOINT },
  { accounts: [VERIFY, TEST], verbs: ['get'], group: '', resources: ['pods/log'], reason: 'failure path: the last lines of Pods that stand in the way of the proof' },
  { accounts: [TEST], verbs: ['create', 'update'], group: '', resources: ['configmaps'], reason: OPEN_RUN },
  { accounts: [TEST], verbs: ['list', 'watch'], group: 'apps', resources: ['daemonsets', 'deployments'], reason: OPEN_RUN },
  { accounts: [TEST], verbs: ['get'], group: 'batch', resources: ['jobs'], reason: 'the step counts its time from the start of its Job; the Pod of helm test has none' },
];
