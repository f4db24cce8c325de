import { annotationPath, SYNC_OPTIONS } from '../../manifests/keys.ts';
import { csv } from '../../manifests/reading.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

const FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ['Replace=true', 'it may fail as "already exists" or run twice'],
  ['Force=true', 'that makes no unchanged hook run again, and with Replace it may run twice'],
]);

export const hookReplaceForce: Rule = {
  code: 'hook-replace-force',
  level: 'error',
  title: 'a hook is replaced or forced',
  why: `With Replace a hook is created or replaced, not applied: a Job that is still there cannot be replaced, because its selector is immutable, and a stale cache makes creation fail with "already exists". Force with Replace may delete a hook that runs and create it twice. Force alone deletes and creates what can't be applied, a changed Job, and does nothing for an unchanged one. The delete policy BeforeHookCreation does what is wanted.`,
  source: 'argo-cd issues 13100, 18245, 24005; v3.2 gitops-engine pkg/sync/sync_context.go (applyObject)',
  fix: 'take Replace=true and Force=true away and use the delete policy BeforeHookCreation',
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/sync-options: Replace=true'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation'] }),
  *check({ hooks, forArgo, syncOptions }) {
    if (!forArgo) return;
    for (const object of hooks) {
      const own = csv(object.annotations[SYNC_OPTIONS]);
      for (const [option, harm] of FORBIDDEN) {
        if (own.includes(option)) yield { object, path: annotationPath(SYNC_OPTIONS), message: `${option} on a hook: ${harm}` };
        else if (syncOptions.includes(option) && !own.includes(option.replace('true', 'false'))) yield { object, message: `${option} of the Application holds for this hook too: ${harm}` };
      }
    }
  },
};
