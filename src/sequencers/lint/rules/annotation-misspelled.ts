import { annotationPath } from '../../manifests/keys.ts';
import { nearest } from '../spelling.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

/** argo-cd v3.2 to v3.6: common/common.go and gitops-engine pkg/sync/common/types.go; helm v4.2: pkg/release/v1/hook.go and pkg/kube/resource_policy.go. */
const ARGO = [
  'hook', 'hook-delete-policy', 'sync-wave', 'sync-options', 'tracking-id', 'compare-options', 'ignore-healthcheck', 'ignore-restart-policy', 'ignore-resource-updates',
  'ignore-default-links', 'deletion-approved', 'manifest-generate-paths', 'kubernetes-version', 'auto-label-cluster-info', 'refresh', 'hydrate', 'skip-reconcile',
  'installation-id', 'application-set-refresh', 'client-side-apply-migration-manager', 'secret-type', 'managed-by', 'instance', 'custom-label', 'kubeconfig',
].map((name) => `argocd.argoproj.io/${name}`);
const HELM = ['hook', 'hook-weight', 'hook-delete-policy', 'hook-output-log-policy', 'resource-policy', 'chart'].map((name) => `helm.sh/${name}`);
const KNOWN = [...ARGO, ...HELM];

/** The other tool's word behind this tool's prefix, and Argo CD's words behind the prefix of its API group. */
const MIXED = new Map([
  ['argocd.argoproj.io/hook-weight', 'argocd.argoproj.io/sync-wave'],
  ['argocd.argoproj.io/wave', 'argocd.argoproj.io/sync-wave'],
  ['helm.sh/sync-wave', 'helm.sh/hook-weight'],
  ['helm.sh/weight', 'helm.sh/hook-weight'],
  ...ARGO.slice(0, 4).map((key) => [key.replace('argocd.', ''), key] as const),
]);

export const annotationMisspelled: Rule = {
  code: 'annotation-misspelled',
  level: 'error',
  title: 'an annotation of Argo CD or Helm is misspelled',
  why: 'Both tools pass over keys that they do not know: the hook becomes an ordinary object, or the wave is 0, without a warning. `helm lint` has no rule for it.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/common/types.go; helm v4.2 pkg/release/v1/hook.go',
  fix: 'write the key as the tool knows it',
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-deletion-policy: BeforeHookCreation,HookSucceeded'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceeded'] }),
  *check({ objects }) {
    for (const object of objects) {
      for (const key of Object.keys(object.annotations)) {
        const meant = KNOWN.includes(key) ? undefined : meantBy(key);
        if (meant) yield { object, path: annotationPath(key), message: `no tool knows ${key}`, fix: `write ${meant}` };
      }
    }
  },
};

function meantBy(key: string): string | undefined {
  const mixed = MIXED.get(key);
  if (mixed || !/^(?:argocd\.argoproj\.io|helm\.sh)\//.test(key)) return mixed;
  return nearest(key, KNOWN, 3);
}
