/** The annotation strings of Argo CD (argo-cd v3.2, gitops-engine pkg/sync/common/types.go). */
const PREFIX = 'argocd.argoproj.io';

export const HOOK = `${PREFIX}/hook`;
export const HOOK_DELETE_POLICY = `${PREFIX}/hook-delete-policy`;
export const SYNC_WAVE = `${PREFIX}/sync-wave`;
export const SYNC_OPTIONS = `${PREFIX}/sync-options`;
export const TRACKING_ID = `${PREFIX}/tracking-id`;
