import fc from 'fast-check';

const HOOKS = ['PreSync', 'Sync', 'PostSync', 'SyncFail', 'Skip', 'PreDelete', 'PostDelete', 'presync', 'Pre-Sync', 'Garbage', '', ' ', ' PreSync '];
const EVENTS = ['pre-install', 'pre-upgrade', 'post-install', 'post-upgrade', 'pre-delete', 'post-delete', 'pre-rollback', 'post-rollback', 'test', 'test-success', 'test-failure', 'crd-install', 'Pre-Install', 'PreSync', '', ' '];
const POLICIES = ['BeforeHookCreation', 'HookSucceeded', 'HookFailed', 'hooksucceeded', 'Never', '', ' HookFailed'];
const HELM_POLICIES = ['before-hook-creation', 'hook-succeeded', 'hook-failed', 'Hook-Failed', 'never', '', ' hook-failed '];
const WAVES = ['0', '1', '-5', '+3', '007', '1.5', ' 1', '1 ', '', 'one', '0x10', '9223372036854775807', '9223372036854775808', '1_000', '١'];

const csv = (words: readonly string[]) => fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }).map((chosen) => chosen.join(','));

/** Annotations of both tools as people write and miswrite them. */
export const randomAnnotations: fc.Arbitrary<Record<string, string>> = fc.record(
  {
    'argocd.argoproj.io/hook': csv(HOOKS),
    'argocd.argoproj.io/hook-delete-policy': csv(POLICIES),
    'argocd.argoproj.io/sync-wave': fc.constantFrom(...WAVES),
    'helm.sh/hook': csv(EVENTS),
    'helm.sh/hook-weight': fc.constantFrom(...WAVES),
    'helm.sh/hook-delete-policy': csv(HELM_POLICIES),
  },
  { requiredKeys: [] },
);
