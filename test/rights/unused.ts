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
  /** For a right that some runs use and others don't: what decides it, where the reason does not say so. Without it, no run may use the right, or the entry has to go. */
  readonly sometimes?: string | true;
}

const HOOKS = ['hookwave-calico-preflight', 'hookwave-calico-prepare', 'hookwave-calico-rollout', 'hookwave-calico-verify', 'hookwave-calico-cleanup', 'hookwave-calico-rescue'];
const AFTER_PREFLIGHT = HOOKS.slice(1);
const PROTECTING = ['hookwave-calico-prepare', 'hookwave-calico-rollout', 'hookwave-calico-cleanup'];

export const UNUSED: readonly Unused[] = [
  { group: 'projectcalico.org', reason: 'the other API group: clusters with calico-apiserver or native v3 definitions; only prepare and cleanup have scenarios there' },
  { group: 'apiregistration.k8s.io', resources: ['apiservices'], reason: 'asked only where both API groups are served: tells calico-apiserver from native definitions; only prepare and cleanup have scenarios there' },
  { accounts: PROTECTING, verbs: ['get'], group: '', resources: ['configmaps'], reason: 'calico-config tells etcd from no Calico, where no Calico API is served', sometimes: 'whether an API server that was killed serves the definitions again when the step asks' },
  { accounts: AFTER_PREFLIGHT, verbs: ['create'], group: '', resources: ['configmaps'], reason: 'the first note makes the run record; mostly preflight has', sometimes: 'whether preflight was skipped (selective sync), or its Pod was killed before its note' },
  { accounts: PROTECTING, verbs: ['patch'], group: '', resources: ['configmaps'], reason: 'undo data that are there already: another run, or one that was killed', sometimes: 'whether a Pod was killed between its note of undo data and its last endpoint' },
  { accounts: ['hookwave-calico-preflight', 'hookwave-calico-cleanup', 'hookwave-calico-rescue'], verbs: ['update'], group: '', resources: ['configmaps'], reason: 'a later note in a run record that is there', sometimes: 'whether these steps ran twice in one scenario: a retried sync, or a Pod that was replaced' },
  { accounts: PROTECTING, verbs: ['get'], group: 'crd.projectcalico.org', resources: ['hostendpoints'], reason: 'read again when an endpoint has moved meanwhile', sometimes: 'whether somebody else writes the endpoint between the read and the write of the step (409)' },
  { accounts: ['hookwave-calico-cleanup'], verbs: ['get'], group: 'crd.projectcalico.org', resources: ['globalnetworkpolicies'], reason: 'looked at when somebody makes the policy anew while it is deleted', sometimes: 'whether the deletion of the policy meets one with another uid (409)' },
  { accounts: ['hookwave-calico-rollout'], verbs: ['create', 'patch'], group: 'crd.projectcalico.org', resources: ['globalnetworkpolicies', 'hostendpoints'], reason: 'protects endpoints that appear during the rollout', sometimes: 'whether the new endpoint is there before prepare has ended, or after' },
  { accounts: PROTECTING, verbs: ['get'], group: '', resources: ['pods'], reason: 'looks whether the holder of the Lease is alive, when somebody holds it', sometimes: 'whether the Pod that was killed still held the Lease' },
  { accounts: ['hookwave-calico-rollout', 'hookwave-calico-cleanup'], verbs: ['create'], group: 'coordination.k8s.io', resources: ['leases'], reason: 'the Lease is there since prepare, unless hooks were skipped or somebody deleted it', sometimes: 'whether prepare was skipped, so that a later step is the first that locks' },
  { accounts: ['hookwave-calico-rollout'], verbs: ['get', 'update'], group: 'coordination.k8s.io', resources: ['leases'], reason: 'held when endpoints appear, for a freeze, and to take its mark off', sometimes: 'whether endpoints appear, or the rollout is stuck, in the scenarios that ran: not all do in each tier' },
  { accounts: ['hookwave-calico-prepare'], verbs: ['delete', 'get'], group: 'batch', resources: ['jobs'], reason: 'once-Jobs that failed or are of another plan; read again when one is made anew meanwhile', sometimes: 'whether a once-Job of the sync before had failed by then' },
  { accounts: ['hookwave-calico-rollout', 'hookwave-calico-verify', 'hookwave-calico-rescue'], verbs: ['get'], group: '', resources: ['pods/log'], reason: 'failure path: the last lines of Pods that stand in the way', sometimes: 'whether the failing Pods have written a line before they are asked' },
  { accounts: ['hookwave-calico-rollout'], verbs: ['patch'], group: 'apps', resources: ['daemonsets'], reason: 'failure path: the freeze, and its mark', sometimes: 'whether a scenario with a stuck rollout ran: not in each tier' },
];
