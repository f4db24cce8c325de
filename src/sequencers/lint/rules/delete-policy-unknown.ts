import { annotationPath, HELM_DELETE_POLICY, HOOK_DELETE_POLICY } from '../../manifests/keys.ts';
import { csv, DELETE_POLICIES, HELM_POLICIES } from '../../manifests/reading.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const deletePolicyUnknown: Rule = {
  code: 'delete-policy-unknown',
  level: 'error',
  title: 'a delete policy is not known',
  why: 'Unknown delete policies, also those in the wrong case, are dropped in silence. When none is left Argo CD takes BeforeHookCreation; Helm, which takes its default only where nothing is written, then never deletes the hook.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/hook/delete_policy.go; helm v4.2 pkg/action/hooks.go (hookSetDeletePolicy)',
  fix: `use ${DELETE_POLICIES.join(', ')} for Argo CD, ${[...HELM_POLICIES.keys()].join(', ')} for Helm`,
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,hook-succeeded'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceeded'] }),
  *check({ objects }) {
    for (const object of objects) {
      for (const policy of csv(object.annotations[HOOK_DELETE_POLICY])) {
        if (!(DELETE_POLICIES as readonly string[]).includes(policy)) yield { object, path: annotationPath(HOOK_DELETE_POLICY), message: `Argo CD knows no delete policy ${policy}` };
      }
      for (const policy of csv(object.annotations[HELM_DELETE_POLICY])) {
        if (!HELM_POLICIES.has(policy.toLowerCase())) yield { object, path: annotationPath(HELM_DELETE_POLICY), message: `Helm knows no delete policy ${policy}` };
      }
    }
  },
};
