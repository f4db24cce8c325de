import { annotationPath, HELM_HOOK, HOOK } from '../../manifests/keys.ts';
import { runsToCompletion } from '../../manifests/manifest.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const hookMultiPhaseNotRecreated: Rule = {
  code: 'hook-multi-phase-not-recreated',
  level: 'error',
  title: 'a hook of several phases runs only once',
  why: 'A hook of two phases is one object under one name. Without BeforeHookCreation the later phase applies it onto the finished object of the earlier phase and takes over its result at once: the work is not done again.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/sync_phase.go, pkg/sync/sync_context.go',
  fix: 'add BeforeHookCreation to the delete policy, or make a hook of its own name for each phase',
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync,PostSync', 'argocd.argoproj.io/hook-delete-policy: HookSucceeded'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync,PostSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation'] }),
  also: ['hook-job-not-recreated'],
  *check({ hooks, forArgo }) {
    if (!forArgo) return;
    for (const object of hooks) {
      const { phases, policies } = object.argo;
      if (phases.length < 2 || policies.includes('BeforeHookCreation') || !runsToCompletion(object)) continue;
      yield { object, path: annotationPath(object.annotations[HOOK] === undefined ? HELM_HOOK : HOOK), message: `runs in ${phases[0]} only: ${phases.slice(1).join(', ')} finds the finished object and takes its result` };
    }
  },
};
