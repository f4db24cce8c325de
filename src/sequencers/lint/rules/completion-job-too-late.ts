import { comparePositions } from '../../argo/position.ts';
import { annotationPath, COMPLETES } from '../../manifests/keys.ts';
import { describeManifest } from '../../manifests/manifest.ts';
import { describePosition, positionsOf } from '../model.ts';
import type { Rule } from '../rule.ts';
import { EXAMPLE_MARKER, exampleDaemonSet, exampleJob, stream } from '../example.ts';

export const completionJobTooLate: Rule = {
  code: 'completion-job-too-late',
  level: 'error',
  title: 'a Job that a workload waits for comes after the workload',
  why: `Some workloads get ready only when a Job has acted (nodes of a Calico datastore migration wait for its completion). Argo CD applies the next wave only when this one is healthy, so a Job in a later wave or phase never starts: a deadlock. The annotation \`${COMPLETES}: [namespace/]name\` on the Job says which workload that is.`,
  source: 'argo-cd v3.2 gitops-engine pkg/sync/sync_context.go (multiStep); projectcalico/calico calico-upgrade',
  fix: "make the Job a Sync hook in the workload's own wave: the order of kinds creates the workload first",
  bad: stream(EXAMPLE_MARKER, exampleDaemonSet(), exampleJob({ name: 'complete', annotations: ['argocd.argoproj.io/hook: PostSync', `${COMPLETES}: agent`] })),
  good: stream(EXAMPLE_MARKER, exampleDaemonSet(), exampleJob({ name: 'complete', annotations: ['argocd.argoproj.io/hook: Sync', `${COMPLETES}: agent`] })),
  *check({ objects, tracked, forArgo }) {
    if (!forArgo) return;
    for (const object of objects) {
      const target = object.annotations[COMPLETES];
      const [name, namespace] = target?.split('/').reverse() ?? [];
      const workload = name === undefined ? undefined : tracked.find((one) => one.group === 'apps' && one.name === name && (namespace === undefined || one.namespace === namespace));
      const own = positionsOf(object)[0];
      const its = workload && positionsOf(workload)[0];
      if (!workload || !own || !its || comparePositions(own, its) <= 0) continue;
      yield { object, path: annotationPath(COMPLETES), message: `${describeManifest(workload)} in ${describePosition(its)} waits for this Job in ${describePosition(own)}, which waits for it` };
    }
  },
};
