export { HOOK, HOOK_DELETE_POLICY, SYNC_OPTIONS, SYNC_WAVE } from '../argo/annotations.ts';
export { HOOK as HELM_HOOK, HOOK_DELETE_POLICY as HELM_DELETE_POLICY, HOOK_WEIGHT as HELM_WEIGHT, RESOURCE_POLICY as HELM_RESOURCE_POLICY } from '../helm/annotations.ts';

/** On a Job: `[namespace/]name` of the workload that gets ready only when the Job has finished. */
export const COMPLETES = 'hookwave.dev/completes';
/** On any object: codes that lint leaves out for it, separated by commas. */
export const LINT_IGNORE = 'hookwave.dev/lint-ignore';

/** `metadata.annotations[key]`, as a path inside an object. */
export function annotationPath(key: string): readonly string[] {
  return ['metadata', 'annotations', key];
}
