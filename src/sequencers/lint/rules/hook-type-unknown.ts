import { annotationPath, HOOK } from '../../manifests/keys.ts';
import { csv, DELETE_HOOKS, SYNC_PHASES } from '../../manifests/reading.ts';
import { plain } from '../spelling.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

/** Every value that Argo CD knows. */
export const HOOK_TYPES: readonly string[] = [...SYNC_PHASES, ...DELETE_HOOKS, 'Skip'];

export const hookTypeUnknown: Rule = {
  code: 'hook-type-unknown',
  level: 'error',
  title: 'Argo CD does not know the hook type',
  why: 'An object whose hook annotation holds no type that Argo CD knows is a hook without a phase: it is dropped, never applied, and no warning is given. Beside a known type the unknown one is passed over.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/hook/hook.go (Types), pkg/sync/ignore/ignore.go, pkg/sync/reconcile.go (splitHooks)',
  fix: `use ${HOOK_TYPES.join(', ')}`,
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreUpgrade'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync'] }),
  *check({ objects, forArgo }) {
    if (!forArgo) return;
    for (const object of objects) {
      const value = object.annotations[HOOK];
      if (value === undefined) continue;
      const tokens = csv(value);
      const unknown = tokens.filter((token) => !HOOK_TYPES.some((type) => plain(type) === plain(token)));
      const effect = object.argo.phases.length > 0 ? `it runs as ${object.argo.phases.join(', ')} only` : 'the object is never applied';
      if (tokens.length === 0) yield { object, path: annotationPath(HOOK), message: `the hook annotation is empty; ${effect}` };
      for (const token of unknown) yield { object, path: annotationPath(HOOK), message: `Argo CD knows no hook type ${token}; ${effect}` };
    }
  },
};
