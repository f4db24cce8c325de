import { comparePositions } from '../../argo/position.ts';
import { at } from '../../manifests/json.ts';
import { annotationPath, COMPLETES, HOOK } from '../../manifests/keys.ts';
import { describeManifest, type Manifest } from '../../manifests/manifest.ts';
import { describePosition, positionsOf, type ManifestSet } from '../model.ts';
import { commandsOf } from '../pods.ts';
import { isOnDelete, syncHookJobs } from '../select.ts';
import type { Rule } from '../rule.ts';
import { EXAMPLE_MARKER, exampleDaemonSet, exampleJob, stream } from '../example.ts';

const WATCHES = /watch|wait|rollout|monitor|timeout|verify|check|ready|health|gate/i;

export const watchdogInWave: Rule = {
  code: 'watchdog-in-wave',
  level: 'warning',
  title: 'a watching Job cannot end a stuck rollout',
  why: 'Argo CD looks at failures only when nothing in the wave runs any more, and a DaemonSet or StatefulSet that does not get ready never counts as failed. A Job beside it that fails after its deadline changes nothing: the sync goes on waiting. It works only when the Job also makes the workload healthy in the eyes of Argo CD, as the rollout Job of hookwave does by setting the DaemonSet to OnDelete.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/sync_context.go (running tasks before failed ones), pkg/health/health_daemonset.go',
  fix: 'let the Job freeze the rollout before it fails, give the kind a health check of its own that can fail, or set controller.sync.timeout.seconds (Argo CD 3.2 notices that the time is up when it next looks at the application)',
  bad: stream(EXAMPLE_MARKER, exampleDaemonSet(), exampleJob({ name: 'rollout-watch', annotations: ['argocd.argoproj.io/hook: Sync'] }), exampleJob()),
  good: stream(EXAMPLE_MARKER, exampleDaemonSet(), exampleJob({ name: 'rollout-watch', annotations: ['argocd.argoproj.io/hook: Sync'], labels: ['hookwave.dev/phase: verify'] }), exampleJob()),
  *check(set) {
    if (!set.multiStep || set.isChart) return;
    const workloads = neverDegraded(set);
    for (const object of syncHookJobs(set)) {
      if (freezes(object) || object.annotations[COMPLETES] !== undefined || !WATCHES.test(`${object.name} ${commandsOf(object)}`)) continue;
      for (const position of positionsOf(object)) {
        const stuck = workloads.find((one) => positionsOf(one).some((other) => comparePositions(other, position) === 0));
        if (stuck) yield { object, path: annotationPath(HOOK), message: `shares ${describePosition(position)} with ${describeManifest(stuck)}: its failure is noticed only after that is healthy` };
      }
    }
  },
};

function freezes({ object }: Manifest): boolean {
  return at(object, 'metadata', 'labels', 'hookwave.dev/phase') === 'verify';
}

function neverDegraded({ tracked }: ManifestSet): readonly Manifest[] {
  return tracked.filter((one) => one.group === 'apps' && (one.kind === 'DaemonSet' || one.kind === 'StatefulSet') && !isOnDelete(one));
}
