import { annotationPath, HELM_HOOK } from '../../manifests/keys.ts';
import { runsToCompletion } from '../../manifests/manifest.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

const NOT_RUN = /^(?:pre|post)-rollback$|^test(?:-success|-failure)?$/;

export const helmHookNotRunByArgo: Rule = {
  code: 'helm-hook-not-run-by-argo',
  level: 'warning',
  title: 'Argo CD never runs rollback and test hooks of Helm',
  why: 'Argo CD maps install, upgrade and delete events only. An object with nothing but rollback or test events is dropped: a rollback is a Git commit and runs the same hooks as any sync.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/hook/helm/type.go; issues 1927, 5365',
  fix: 'do the work in a pre-upgrade or post-upgrade hook too, or accept that Helm alone runs it (hookwave lint --engine helm)',
  bad: exampleJob({ annotations: ['helm.sh/hook: pre-rollback', 'helm.sh/hook-delete-policy: before-hook-creation'] }),
  good: exampleJob({ annotations: ['helm.sh/hook: pre-upgrade,pre-rollback', 'helm.sh/hook-delete-policy: before-hook-creation'] }),
  *check({ objects, forArgo }) {
    if (!forArgo) return;
    for (const object of objects) {
      const { argo, helm } = object;
      if (!runsToCompletion(object) || !argo.isHook || argo.phases.length > 0 || argo.deletes.length > 0 || !helm.events.some((event) => NOT_RUN.test(event))) continue;
      yield { object, path: annotationPath(HELM_HOOK), message: `Argo CD never applies a hook of ${helm.events.join(', ')}` };
    }
  },
};
