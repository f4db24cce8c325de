import { annotationPath, HELM_HOOK, HOOK } from '../../manifests/keys.ts';
import { runsToCompletion } from '../../manifests/manifest.ts';
import type { Rule } from '../rule.ts';
import { exampleObject } from '../example.ts';

export const hookDefaultPolicy: Rule = {
  code: 'hook-default-policy',
  level: 'error',
  title: 'a hook that is no Job has no delete policy',
  why: 'Without a policy Argo CD takes BeforeHookCreation: each sync and each retry deletes the object and creates it again. Recreating a ServiceAccount kills the tokens in use, a policy or a volume is gone for a while. For a Job that is right, for anything else it has to be said.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/hook/delete_policy.go; issues 3837, 6112, 13429',
  fix: 'say HookSucceeded (gone after the sync), or make it an ordinary object of the application',
  bad: exampleObject('v1', 'ServiceAccount', 'migrate', ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/sync-wave: "-1"']),
  good: exampleObject('v1', 'ServiceAccount', 'migrate', ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: HookSucceeded', 'argocd.argoproj.io/sync-wave: "-1"']),
  *check({ hooks, forArgo }) {
    if (!forArgo) return;
    for (const object of hooks) {
      if (object.argo.explicitPolicy || runsToCompletion(object)) continue;
      yield { object, path: annotationPath(object.annotations[HOOK] === undefined ? HELM_HOOK : HOOK), message: `no delete policy: each sync deletes this ${object.kind} and creates it again` };
    }
  },
};
