/** Rights that the scenarios do not use, each with the reason why it is given all the same. Reviewed: an entry without need goes, with its right. */
export interface Unused {
  /** Names of accounts. @default all */
  readonly accounts?: readonly string[];
  /** @default all */
  readonly verbs?: readonly string[];
  readonly group: string;
  /** @default all */
  readonly resources?: readonly string[];
  readonly reason: string;
  /** Some runs use it, others don't: it depends on timing. */
  readonly sometimes?: boolean;
}

const HOOKS = ['hookwave-calico-preflight', 'hookwave-calico-prepare', 'hookwave-calico-rollout', 'hookwave-calico-verify', 'hookwave-calico-cleanup', 'hookwave-calico-rescue'];
const AFTER_PREFLIGHT = HOOKS.slice(1);
const PROTECTING = ['hookwave-calico-prepare', 'hookwave-calico-rollout', 'hookwave-calico-cleanup'];

export const UNUSED: readonly Unused[] = [
  { group: 'projectcalico.org', reason: 'the other API group: clusters with calico-apiserver or native v3 definitions; the scenarios store v1' },
  { group: 'apiregistration.k8s.io', resources: ['apiservices'], reason: 'asked only where both API groups are served: tells calico-apiserver from native definitions' },
  { accounts: PROTECTING, verbs: ['get'], group: '', resources: ['configmaps'], reason: 'calico-config tells etcd from no Calico, where no Calico API is served', sometimes: true },
  { accounts: AFTER_PREFLIGHT, verbs: ['create'], group: '', resources: ['configmaps'], reason: 'the first note makes the run record; mostly preflight has', sometimes: true },
  { accounts: PROTECTING, verbs: ['patch'], group: '', resources: ['configmaps'], reason: 'undo data that are there already: another run, or one that was killed', sometimes: true },
  { accounts: ['hookwave-calico-preflight', 'hookwave-calico-cleanup', 'hookwave-calico-rescue'], verbs: ['update'], group: '', resources: ['configmaps'], reason: 'a later note in a run record that is there', sometimes: true },
  { accounts: PROTECTING, verbs: ['get'], group: 'crd.projectcalico.org', resources: ['hostendpoints'], reason: 'read again when an endpoint has moved meanwhile', sometimes: true },
  { accounts: ['hookwave-calico-cleanup'], verbs: ['get'], group: 'crd.projectcalico.org', resources: ['globalnetworkpolicies'], reason: 'looked at when somebody makes the policy anew while it is deleted', sometimes: true },
  { accounts: ['hookwave-calico-rollout'], verbs: ['create', 'patch'], group: 'crd.projectcalico.org', resources: ['globalnetworkpolicies', 'hostendpoints'], reason: 'protects endpoints that appear during the rollout', sometimes: true },
  { accounts: PROTECTING, verbs: ['get'], group: '', resources: ['pods'], reason: 'looks whether the holder of the Lease is alive, when somebody holds it', sometimes: true },
  { accounts: ['hookwave-calico-rollout', 'hookwave-calico-cleanup'], verbs: ['create'], group: 'coordination.k8s.io', resources: ['leases'], reason: 'the Lease is there since prepare, unless hooks were skipped or somebody deleted it', sometimes: true },
  { accounts: ['hookwave-calico-rollout'], verbs: ['get', 'update'], group: 'coordination.k8s.io', resources: ['leases'], reason: 'held when endpoints appear, for a freeze, and to take its mark off', sometimes: true },
  { accounts: ['hookwave-calico-prepare'], verbs: ['delete', 'get'], group: 'batch', resources: ['jobs'], reason: 'once-Jobs that failed or are of another plan; read again when one is made anew meanwhile', sometimes: true },
  { accounts: ['hookwave-calico-rollout', 'hookwave-calico-verify', 'hookwave-calico-rescue'], verbs: ['get'], group: '', resources: ['pods/log'], reason: 'failure path: the last lines of Pods that stand in the way', sometimes: true },
  { accounts: ['hookwave-calico-rollout'], verbs: ['patch'], group: 'apps', resources: ['daemonsets'], reason: 'failure path: the freeze, and its mark', sometimes: true },
];

/** Requests that may be denied, with the reason why. */
export const DENIED: readonly { readonly account: string; readonly reason: string }[] = [
  { account: 'hookwave-calico/hookwave-calico-rollout', reason: 'a sync that is terminated in mid-rollout takes the Role away while the Pod still notes its end' },
];
