import { annotationPath } from '../../manifests/keys.ts';
import { annotationMeantBy, isUnknownAnnotation } from '../known-annotations.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const annotationUnknown: Rule = {
  code: 'annotation-unknown',
  level: 'warning',
  title: 'an annotation has the prefix of Argo CD or Helm, and neither knows it',
  why: "Both tools pass over keys that they do not know, without a word: what the annotation is to do is not done (kyverno's chart has a hook with helm.sh/hook-depends-on). It is a warning because a newer release may know it. Keys that are near a known one are errors (annotation-misspelled).",
  source: 'argo-cd v3.2 common/common.go, gitops-engine pkg/sync/common/types.go and its documentation of annotations and labels up to v3.6; helm v4.2 pkg/release/v1/hook.go, pkg/kube/resource_policy.go',
  fix: 'take it away, or say the same in a way that the tool reads; for notes to readers use a prefix of your own',
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-timeout: 5m'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync'], spec: ['backoffLimit: 1', 'activeDeadlineSeconds: 300'] }),
  *check({ objects }) {
    for (const object of objects) {
      for (const key of Object.keys(object.annotations)) {
        if (isUnknownAnnotation(key) && !annotationMeantBy(key)) yield { object, path: annotationPath(key), message: `no tool knows ${key}` };
      }
    }
  },
};
