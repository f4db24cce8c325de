import { annotationPath, SYNC_OPTIONS } from '../../manifests/keys.ts';
import { csv } from '../../manifests/reading.ts';
import { nearest } from '../spelling.ts';
import type { Rule } from '../rule.ts';
import { exampleObject } from '../example.ts';

/** argo-cd v3.2 gitops-engine pkg/sync/common/types.go and docs/user-guide/sync-options.md. */
const OPTIONS = [
  ...['ServerSideApply', 'Replace', 'Force', 'SkipDryRunOnMissingResource', 'Validate', 'Prune', 'Delete', 'PruneLast', 'ApplyOutOfSyncOnly', 'CreateNamespace', 'RespectIgnoreDifferences', 'FailOnSharedResource', 'ClientSideApplyMigration']
    .flatMap((name) => [`${name}=true`, `${name}=false`]),
  'Prune=confirm', 'Delete=confirm', 'PrunePropagationPolicy=foreground', 'PrunePropagationPolicy=background', 'PrunePropagationPolicy=orphan',
];

export const syncOptionUnknown: Rule = {
  code: 'sync-option-unknown',
  level: 'warning',
  title: 'a sync option is misspelled',
  why: 'Sync options are compared letter by letter; one that Argo CD does not know has no effect and no warning is given.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/resource/annotations.go (HasAnnotationOption)',
  fix: 'write the option as Argo CD does',
  bad: exampleObject('v1', 'ConfigMap', 'settings', ['argocd.argoproj.io/sync-options: prune=false']),
  good: exampleObject('v1', 'ConfigMap', 'settings', ['argocd.argoproj.io/sync-options: Prune=false']),
  *check({ objects, forArgo }) {
    if (!forArgo) return;
    for (const object of objects) {
      for (const option of csv(object.annotations[SYNC_OPTIONS])) {
        if (OPTIONS.includes(option)) continue;
        const meant = nearest(option, OPTIONS, 2);
        if (meant) yield { object, path: annotationPath(SYNC_OPTIONS), message: `Argo CD knows no sync option ${option}`, fix: `write ${meant}` };
        else if (!option.includes('=')) yield { object, path: annotationPath(SYNC_OPTIONS), message: `${option} is no sync option: options have the form Name=value` };
      }
    }
  },
};
