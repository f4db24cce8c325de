/** The annotation strings of Helm (helm v4.2, pkg/release/v1/hook.go; the same in v3.21). */
const PREFIX = 'helm.sh';

export const HOOK = `${PREFIX}/hook`;
export const HOOK_WEIGHT = `${PREFIX}/hook-weight`;
export const HOOK_DELETE_POLICY = `${PREFIX}/hook-delete-policy`;
export const HOOK_OUTPUT_LOG_POLICY = `${PREFIX}/hook-output-log-policy`;
export const RESOURCE_POLICY = `${PREFIX}/resource-policy`;
