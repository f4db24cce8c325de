import { runsToCompletion } from '../../manifests/manifest.ts';
import { podReferences } from '../pods.ts';
import { isMadeByOthers, providers } from '../references.ts';
import type { Rule } from '../rule.ts';
import { EXAMPLE_MARKER, exampleJob, exampleObject, stream } from '../example.ts';

const JOB = exampleJob({ pod: ['restartPolicy: Never', 'serviceAccountName: migrate'] });

export const referenceNotFound: Rule = {
  code: 'reference-not-found',
  level: 'warning',
  title: 'a hook needs what is not in the stream',
  why: "A Job whose ServiceAccount does not exist gets no Pods, and one whose ConfigMap or Secret does not exist gets Pods that never start. Both count as running until the deadline, or until Helm's timeout. If something else puts the object into the cluster, say so with the annotation hookwave.dev/lint-ignore.",
  source: 'kubernetes v1.34 admission plugin ServiceAccount; argo-cd v3.2 gitops-engine pkg/health/health_job.go; issue 1594',
  fix: 'add the object, one wave before the hook',
  bad: stream(EXAMPLE_MARKER, JOB),
  good: stream(
    EXAMPLE_MARKER,
    JOB,
    exampleObject('v1', 'ServiceAccount', 'migrate', ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: HookSucceeded', 'argocd.argoproj.io/sync-wave: "-1"']),
  ),
  *check(set) {
    for (const object of set.anyHooks) {
      if (!runsToCompletion(object)) continue;
      for (const reference of podReferences(object)) {
        if (providers(reference, object, set).length > 0 || isMadeByOthers(reference, set)) continue;
        yield { object, path: reference.path, message: `${reference.kind} ${reference.name} is not in the stream` };
      }
    }
  },
};
