import { annotationPath, HELM_HOOK, HOOK } from '../../manifests/keys.ts';
import { csv, HELM_EVENTS } from '../../manifests/reading.ts';
import { plain } from '../spelling.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';
import { HOOK_TYPES } from './hook-type-unknown.ts';

export const hookTypeCase: Rule = {
  code: 'hook-type-case',
  level: 'error',
  title: 'a hook type is written in the wrong case',
  why: 'Argo CD compares hook types letter by letter: `presync` is no type, and an object without a type is dropped without a warning. It reads Helm events the same way, while Helm itself takes them in any case.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/common/types.go (NewHookType), pkg/sync/hook/helm/type.go; helm v4.2 manifest_sorter.go (ToLower)',
  fix: `write it as Argo CD does: ${HOOK_TYPES.join(', ')}`,
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: presync'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync'] }),
  *check({ objects, forArgo }) {
    if (!forArgo) return;
    for (const object of objects) {
      for (const token of csv(object.annotations[HOOK])) {
        const meant = HOOK_TYPES.find((type) => type !== token && plain(type) === plain(token));
        if (meant && !HOOK_TYPES.includes(token)) yield { object, path: annotationPath(HOOK), message: `Argo CD does not take ${token} for ${meant}`, fix: `write ${meant}` };
      }
      if (object.annotations[HOOK] !== undefined) continue;
      for (const event of csv(object.annotations[HELM_HOOK])) {
        const meant = event.toLowerCase();
        if (meant !== event && HELM_EVENTS.includes(meant)) yield { object, path: annotationPath(HELM_HOOK), message: `Argo CD does not take ${event} for ${meant}, though Helm does`, fix: `write ${meant}` };
      }
    }
  },
};
