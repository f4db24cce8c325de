import { nearest } from './spelling.ts';

const PREFIXED = /^(?:argocd\.argoproj\.io|helm\.sh)\//;

/** argo-cd v3.2 source and its page of annotations and labels up to v3.6; the last line: labels of Argo CD and its operator, which some tools copy to annotations. */
const ARGO = [
  'hook', 'hook-delete-policy', 'sync-wave', 'sync-options', 'tracking-id', 'compare-options', 'ignore-healthcheck', 'ignore-restart-policy', 'ignore-resource-updates',
  'ignore-default-links', 'health-aggregate-overrides', 'deletion-approved', 'manifest-generate-paths', 'refresh', 'refresh-timestamp', 'hydrate', 'hydrate-timestamp', 'skip-reconcile',
  'installation-id', 'application-set-refresh', 'client-side-apply-migration-manager', 'managed-by-url',
  'secret-type', 'instance', 'kubernetes-version', 'auto-label-cluster-info', 'managed-by', 'managed-by-cluster-argocd', 'custom-label', 'kubeconfig',
].map((name) => `argocd.argoproj.io/${name}`);
/** helm v4.2: pkg/release/v1/hook.go and pkg/kube/resource_policy.go; `chart` is the label of the chart conventions. */
const HELM = ['hook', 'hook-weight', 'hook-delete-policy', 'hook-output-log-policy', 'resource-policy', 'chart'].map((name) => `helm.sh/${name}`);
const KNOWN = new Set([...ARGO, ...HELM]);

/** The other tool's word behind this tool's prefix, words cut short, and Argo CD's words behind the prefix of its API group. */
const MEANT = new Map([
  ['argocd.argoproj.io/hook-weight', 'argocd.argoproj.io/sync-wave'],
  ['argocd.argoproj.io/wave', 'argocd.argoproj.io/sync-wave'],
  ['helm.sh/sync-wave', 'helm.sh/hook-weight'],
  ['helm.sh/weight', 'helm.sh/hook-weight'],
  ...['argocd.argoproj.io', 'helm.sh'].flatMap((prefix) => [[`${prefix}/delete-policy`, `${prefix}/hook-delete-policy`], [`${prefix}/hook-type`, `${prefix}/hook`]] as const),
  ...ARGO.slice(0, 4).map((key) => [key.replace('argocd.', ''), key] as const),
]);

/** Whether a key has the prefix of Argo CD or Helm, and neither knows it. */
export function isUnknownAnnotation(key: string): boolean {
  return PREFIXED.test(key) && !KNOWN.has(key);
}

/** The known key that an unknown one most likely stands for. */
export function annotationMeantBy(key: string): string | undefined {
  return MEANT.get(key) ?? (isUnknownAnnotation(key) ? nearest(key, [...KNOWN], 3) : undefined);
}
