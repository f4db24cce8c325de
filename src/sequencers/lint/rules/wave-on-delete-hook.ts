import { annotationPath, HELM_WEIGHT, SYNC_WAVE } from '../../manifests/keys.ts';
import type { Manifest } from '../../manifests/manifest.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const waveOnDeleteHook: Rule = {
  code: 'wave-on-delete-hook',
  level: 'warning',
  title: 'delete hooks have no waves',
  why: 'Argo CD creates all PreDelete hooks at once, and all PostDelete hooks at once: no waves, no order of kinds, no retries. A Job that needs an account from an earlier wave may start before it exists.',
  source: 'argo-cd v3.2 controller/hook.go (executePostDeleteHooks)',
  fix: 'do in one Job what has to be done in order; let what it needs be part of the application',
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: PostDelete', 'argocd.argoproj.io/hook-delete-policy: HookSucceeded', 'argocd.argoproj.io/sync-wave: "2"'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PostDelete', 'argocd.argoproj.io/hook-delete-policy: HookSucceeded'] }),
  *check({ objects, forArgo }) {
    if (!forArgo) return;
    const hooks = objects.filter(({ argo }) => argo.deletes.length > 0 && argo.phases.length === 0);
    for (const object of hooks) {
      if (object.argo.wave === 0) continue;
      const own = object.annotations[SYNC_WAVE] !== undefined;
      if (own || othersDiffer(object, hooks)) {
        yield { object, path: annotationPath(own ? SYNC_WAVE : HELM_WEIGHT), message: `Argo CD creates ${object.argo.deletes.join(', ')} hooks all at once: ${own ? 'wave' : 'to it, weight'} ${object.argo.wave} has no effect` };
      }
    }
  },
};

/** A chart gives weights for Helm; under Argo CD that matters only where another hook of the event has a different one. */
function othersDiffer({ argo }: Manifest, hooks: readonly Manifest[]): boolean {
  return hooks.some((other) => other.argo.wave !== argo.wave && other.argo.deletes.some((hook) => argo.deletes.includes(hook)));
}
