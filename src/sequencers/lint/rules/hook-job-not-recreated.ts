import { annotationPath, HELM_DELETE_POLICY, HOOK_DELETE_POLICY } from '../../manifests/keys.ts';
import { runsToCompletion } from '../../manifests/manifest.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const hookJobNotRecreated: Rule = {
  code: 'hook-job-not-recreated',
  level: 'error',
  title: 'a hook Job is not deleted before it runs again',
  why: 'Any delete policy takes the default, BeforeHookCreation, away. What an earlier sync has left (HookSucceeded acts only when the whole operation succeeds, HookFailed only when it fails; a terminated one does neither) is then applied over: unchanged it keeps its old result and does not run, changed it fails with "field is immutable". Helm 3 fails with "already exists"; Helm 4 applies it over, with the same two ends as Argo CD.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/hook/delete_policy.go, pkg/sync/sync_context.go, issues 5882, 14910; helm v4.2 pkg/action/hooks.go',
  fix: 'add BeforeHookCreation (before-hook-creation) to the delete policy',
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: HookSucceeded'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceeded'] }),
  *check({ anyHooks, forArgo, forHelm }) {
    for (const object of anyHooks) {
      if (!runsToCompletion(object)) continue;
      const { argo, helm, annotations } = object;
      const underArgo = forArgo && argo.phases.length > 0 && !argo.policies.includes('BeforeHookCreation');
      const underHelm = forHelm && helm.isHook && !helm.policies.includes('BeforeHookCreation');
      if (!underArgo && !underHelm) continue;
      const key = annotations[HOOK_DELETE_POLICY] === undefined ? HELM_DELETE_POLICY : HOOK_DELETE_POLICY;
      const policies = (underArgo ? argo : helm).policies;
      yield { object, path: annotationPath(key), message: `deleted by ${policies.join(', ') || 'no policy'} only: what a failed ${underArgo ? 'sync' : 'release'} leaves behind stops the next one` };
    }
  },
};
