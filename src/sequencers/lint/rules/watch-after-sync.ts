import { annotationPath, HELM_HOOK, HOOK } from '../../manifests/keys.ts';
import { describeManifest } from '../../manifests/manifest.ts';
import { commandsOf } from '../pods.ts';
import { syncHookJobs } from '../select.ts';
import type { Rule } from '../rule.ts';
import { EXAMPLE_MARKER, exampleDaemonSet, exampleJob, stream } from '../example.ts';

const WATCHES_ROLLOUT = /rollout/i;

export const watchAfterSync: Rule = {
  code: 'watch-after-sync',
  level: 'warning',
  title: 'a Job that watches a rollout starts only when the rollout is over',
  why: "Argo CD starts PostSync (Helm's post-install and post-upgrade) when everything of the sync is healthy. A DaemonSet or StatefulSet whose Pods do not get ready never counts as failed, so the sync waits for good and the watch never starts: nobody freezes the rollout, nobody says why. A rollout that ends well is not harmed: the watch runs after it and finds it done. Helm starts the same hook right after its apply, unless it is told to wait.",
  source: 'argo-cd v3.2 gitops-engine pkg/sync/sync_context.go, pkg/health/health_daemonset.go',
  fix: 'make it a Sync hook in the wave of the workload; for an upgrade of hookwave: deliver the output of `--sequencer argo` by Argo CD, and the chart by Helm',
  bad: stream(EXAMPLE_MARKER, exampleDaemonSet(), exampleJob({ name: 'rollout-watch', annotations: ['argocd.argoproj.io/hook: PostSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation'] })),
  good: stream(EXAMPLE_MARKER, exampleDaemonSet(), exampleJob({ name: 'rollout-watch', annotations: ['argocd.argoproj.io/hook: Sync'], labels: ['hookwave.dev/phase: verify'] }), exampleJob()),
  *check(set) {
    if (set.isChart) return;
    const workload = set.tracked.find(({ kind, group }) => group === 'apps' && (kind === 'DaemonSet' || kind === 'StatefulSet'));
    if (!workload) return;
    for (const object of syncHookJobs(set)) {
      if (object.argo.phases.includes('Sync') || !object.argo.phases.includes('PostSync') || !WATCHES_ROLLOUT.test(`${object.name} ${commandsOf(object)}`)) continue;
      const [key, as] = object.annotations[HOOK] === undefined ? [HELM_HOOK, 'is a PostSync hook to Argo CD: it '] : [HOOK, ''];
      yield { object, path: annotationPath(key), message: `${as}starts when ${describeManifest(workload)} is healthy, so it never sees it stuck` };
    }
  },
};
