import { annotationPath } from '../../manifests/keys.ts';
import { annotationMeantBy } from '../known-annotations.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const annotationMisspelled: Rule = {
  code: 'annotation-misspelled',
  level: 'error',
  title: 'an annotation of Argo CD or Helm is misspelled',
  why: 'Both tools pass over keys that they do not know: the hook becomes an ordinary object, or the wave is 0, without a warning. `helm lint` has no rule for it.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/common/types.go; helm v4.2 pkg/release/v1/hook.go',
  fix: 'write the key as the tool knows it',
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-deletion-policy: BeforeHookCreation,HookSucceeded'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceeded'] }),
  *check({ objects }) {
    for (const object of objects) {
      for (const key of Object.keys(object.annotations)) {
        const meant = annotationMeantBy(key);
        if (meant) yield { object, path: annotationPath(key), message: `no tool knows ${key}`, fix: `write ${meant}` };
      }
    }
  },
};
