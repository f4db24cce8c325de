import { annotationPath, HELM_DELETE_POLICY, HELM_HOOK, HELM_WEIGHT, HOOK, HOOK_DELETE_POLICY, SYNC_WAVE } from '../../manifests/keys.ts';
import type { Manifest } from '../../manifests/manifest.ts';
import { csv, HELM_PHASES, type DeleteHook } from '../../manifests/reading.ts';
import type { Remark, Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const hookDialectsDisagree: Rule = {
  code: 'hook-dialects-disagree',
  level: 'error',
  title: 'the annotations of Argo CD and of Helm say different things',
  why: 'With both families on one object Argo CD takes its own types and wave, key by key: a Helm hook with a sync wave runs in that wave, whatever its weight. The delete policies of both it unites. Helm reads its own only. Where they differ, the two tools do different things, and a delete policy meant for one acts in the other.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/hook/hook.go, delete_policy.go (union; issue 15613), pkg/sync/syncwaves/waves.go',
  fix: 'give both families equal phases, the same set of delete policies and the same integer, or keep one family',
  bad: exampleJob({
    annotations: [
      'argocd.argoproj.io/hook: PostSync',
      'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation',
      'helm.sh/hook: pre-install,pre-upgrade',
      'helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded',
    ],
  }),
  good: exampleJob({
    annotations: [
      'argocd.argoproj.io/hook: PreSync',
      'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation',
      'helm.sh/hook: pre-install,pre-upgrade',
      'helm.sh/hook-delete-policy: before-hook-creation',
    ],
  }),
  *check({ objects, forArgo }) {
    if (!forArgo) return;
    for (const object of objects) {
      const { argo, annotations } = object;
      if (argo.skipped || !OWN.some((key) => key in annotations) || !(HELM_HOOK in annotations)) continue;
      if (argo.phases.length + argo.deletes.length > 0) yield* differences(object);
    }
  },
};

/** Any of them changes what Argo CD makes of a Helm hook. */
const OWN = [HOOK, HOOK_DELETE_POLICY, SYNC_WAVE];

function* differences(object: Manifest): Iterable<Remark> {
  const { argo, helm, annotations } = object;
  const own = csv(annotations[HOOK]);
  const phases = [...argo.phases, ...argo.deletes.filter((hook) => own.includes(hook))];
  const mapped = phasesOfHelm(helm.events);
  if (own.length > 0 && mapped.length > 0 && phases.length > 0 && !sameSet(phases, mapped)) {
    yield { object, path: annotationPath(HOOK), message: `${phases.join(', ')} for Argo CD, but ${helm.events.join(', ')} (that is ${mapped.join(', ')}) for Helm` };
  }
  if (argo.phases.length > 0 && argo.wave !== helm.weight) {
    yield { object, path: annotationPath(annotations[SYNC_WAVE] === undefined ? HELM_WEIGHT : SYNC_WAVE), message: `wave ${argo.wave} for Argo CD, weight ${helm.weight} for Helm` };
  }
  if (!sameSet(argo.policies, helm.policies)) {
    yield { object, path: annotationPath(annotations[HELM_DELETE_POLICY] === undefined ? HOOK_DELETE_POLICY : HELM_DELETE_POLICY), message: `Argo CD deletes by ${argo.policies.join(', ')}, Helm by ${helm.policies.join(', ') || 'nothing'}` };
  }
}

function phasesOfHelm(events: readonly string[]): readonly string[] {
  const deletes: Readonly<Record<string, DeleteHook>> = { 'pre-delete': 'PreDelete', 'post-delete': 'PostDelete' };
  return [...new Set(events.flatMap((event) => HELM_PHASES.get(event) ?? deletes[event] ?? []))];
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join() === [...b].sort().join();
}
