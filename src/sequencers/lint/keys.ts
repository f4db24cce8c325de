export { HOOK, HOOK_DELETE_POLICY, SYNC_OPTIONS, SYNC_WAVE } from '../argo/annotations.ts';

/** Helm's hook annotations (helm v4.2, pkg/release/v1/hook.go). */
export const HELM_HOOK = 'helm.sh/hook';
export const HELM_WEIGHT = 'helm.sh/hook-weight';
export const HELM_DELETE_POLICY = 'helm.sh/hook-delete-policy';

/** On a Job: `[namespace/]name` of the workload that gets ready only when the Job has finished. */
export const COMPLETES = 'hookwave.dev/completes';
/** On any object: codes that lint leaves out for it, separated by commas. */
export const LINT_IGNORE = 'hookwave.dev/lint-ignore';

/** `metadata.annotations[key]`, as a path inside an object. */
export function annotationPath(key: string): readonly string[] {
  return ['metadata', 'annotations', key];
}
