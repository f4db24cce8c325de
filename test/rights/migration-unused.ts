import type { Unused } from './unused.ts';

const [PREPARE, ROLLOUT, VERIFY] = ['hookwave-calico-v3-prepare', 'hookwave-calico-v3-rollout', 'hookwave-calico-v3-verify'];

/** Rights of a datastore migration's hooks that its scenarios do not use, each with the reason why it is given all the same. */
export const MIGRATION_UNUSED: readonly Unused[] = [
  { accounts: [PREPARE, ROLLOUT, VERIFY], verbs: ['create'], group: '', resources: ['configmaps'], reason: 'the first note makes the run record; mostly preflight has', sometimes: 'whether preflight was skipped, or its Pod was killed before its note' },
  { accounts: [PREPARE], verbs: ['get', 'update'], group: '', resources: ['configmaps'], reason: 'notes a take-over of the Lease, and what it did; mostly there is nothing to do', sometimes: 'whether an earlier sync has left Jobs behind' },
  { accounts: [PREPARE, ROLLOUT], verbs: ['get'], group: '', resources: ['pods'], reason: 'looks whether the holder of the Lease is alive, when somebody holds it', sometimes: 'whether a Pod that was terminated still held the Lease' },
  { accounts: [PREPARE], verbs: ['delete', 'get'], group: 'batch', resources: ['jobs'], reason: 'once-Jobs that failed or are of another plan; read again when one is made anew meanwhile', sometimes: 'whether a once-Job of the sync before had failed by then' },
  { accounts: [PREPARE], verbs: ['create', 'get', 'update'], group: 'coordination.k8s.io', resources: ['leases'], reason: 'held when there are Jobs to delete', sometimes: 'whether an earlier sync has left Jobs behind' },
  { accounts: [ROLLOUT], verbs: ['create', 'get', 'update'], group: 'coordination.k8s.io', resources: ['leases'], reason: 'held for a freeze, and to take its mark off', sometimes: 'whether the rollout was stuck in the scenarios that ran' },
  { accounts: [ROLLOUT], verbs: ['patch'], group: 'apps', resources: ['daemonsets'], reason: 'failure path: the freeze, and its mark', sometimes: 'whether the rollout was stuck in the scenarios that ran' },
  { accounts: [ROLLOUT, VERIFY], verbs: ['get'], group: '', resources: ['pods/log'], reason: 'failure path: the last lines of Pods that stand in the way', sometimes: 'whether the rollout was stuck in the scenarios that ran' },
  { accounts: [ROLLOUT], verbs: ['get'], group: 'apps', resources: ['daemonsets'], reason: 'read again before it is changed', sometimes: 'whether the rollout was stuck in the scenarios that ran' },
];
