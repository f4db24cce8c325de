import { annotationPath, HELM_DELETE_POLICY, HOOK_DELETE_POLICY } from '../../manifests/keys.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const postDeleteLeftBehind: Rule = {
  code: 'post-delete-left-behind',
  level: 'warning',
  title: 'a PostDelete hook is left behind',
  why: 'After the deletion of an Application only HookSucceeded and HookFailed delete its hooks, and the default is neither. The finished Job stays, and when an Application of that name is deleted another time without its objects (--cascade=false) Argo CD finds the Job, takes it for done and does not run it.',
  source: 'argo-cd v3.2 controller/hook.go (executePostDeleteHooks, cleanupPostDeleteHooks)',
  fix: 'add HookSucceeded to the delete policy',
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: PostDelete'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PostDelete', 'argocd.argoproj.io/hook-delete-policy: HookSucceeded'] }),
  *check({ objects, forArgo }) {
    if (!forArgo) return;
    for (const object of objects) {
      if (!object.argo.deletes.includes('PostDelete') || object.argo.policies.includes('HookSucceeded')) continue;
      const key = object.annotations[HOOK_DELETE_POLICY] === undefined && object.annotations[HELM_DELETE_POLICY] !== undefined ? HELM_DELETE_POLICY : HOOK_DELETE_POLICY;
      yield { object, path: annotationPath(key), message: 'the delete policy lacks HookSucceeded: the hook stays after the Application is gone' };
    }
  },
};
