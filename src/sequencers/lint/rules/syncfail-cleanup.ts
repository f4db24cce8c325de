import { annotationPath, HOOK } from '../../manifests/keys.ts';
import { commandsOf } from '../pods.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

const CLEANUP = /clean|rollback|roll-back|undo|restore|revert|unlock|teardown|tear-down|remove|delete|abort/i;

export const syncfailCleanup: Rule = {
  code: 'syncfail-cleanup',
  level: 'warning',
  title: 'a SyncFail hook is to clean up',
  why: 'SyncFail hooks run only after an object failed to apply or a task failed. They do not run after a failed dry run, an unknown kind, a terminated or timed-out sync, or an error of comparison, and they run again at each failed retry. Safety must not hang on them.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/sync_context.go (setOperationFailed); controller/sync.go (terminate)',
  fix: 'let the next sync put things right: a PreSync step that looks at what it finds; use SyncFail to collect diagnostics',
  bad: exampleJob({ name: 'remove-maintenance-mode', annotations: ['argocd.argoproj.io/hook: SyncFail', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation'] }),
  good: exampleJob({ name: 'collect-diagnostics', annotations: ['argocd.argoproj.io/hook: SyncFail', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation'] }),
  *check({ hooks, forArgo }) {
    if (!forArgo) return;
    for (const object of hooks) {
      const word = object.argo.phases.includes('SyncFail') ? CLEANUP.exec(`${object.name || object.generateName} ${commandsOf(object)}`)?.[0] : undefined;
      if (word) yield { object, path: annotationPath(HOOK), message: `"${word}" in a SyncFail hook: it does not run after every failure` };
    }
  },
};
