import { at, list } from '../../manifests/json.ts';
import { describeManifest, runsToCompletion } from '../../manifests/manifest.ts';
import { podSpecPath } from '../pods.ts';
import { syncHookJobs } from '../select.ts';
import type { Rule } from '../rule.ts';
import { EXAMPLE_GATE, EXAMPLE_MARKER, exampleDaemonSet, exampleJob, stream } from '../example.ts';

const GUARD = ['initContainers: [{name: guard, image: "registry.example.com/migrate:1.2.3"}]'];

export const selfHealSkipsHooks: Rule = {
  code: 'self-heal-skips-hooks',
  level: 'warning',
  title: 'self-heal applies a workload without the hooks before it',
  why: 'When the cluster differs from Git and the commit has been synced before, self-heal syncs only the objects that differ, and a sync of some objects runs no hooks. So does a sync of selected objects by hand. A workload whose safety rests on a PreSync hook, such as a backup, a migration or a policy, is applied without it. An init container that looks for itself holds whoever applies the workload.',
  source: 'argo-cd v3.2 controller/appcontroller.go autoSync; gitops-engine pkg/sync/sync_context.go; issues 13652, 18569',
  fix: 'let an init container of the workload look whether what it needs has been done, or turn selfHeal off for the time of the upgrade',
  bad: stream(EXAMPLE_MARKER, exampleJob(), exampleDaemonSet(), EXAMPLE_GATE),
  good: stream(EXAMPLE_MARKER, exampleJob(), exampleDaemonSet({ pod: GUARD }), EXAMPLE_GATE),
  scope: 'application',
  needs: { selfHeal: true },
  *check(set) {
    const hook = syncHookJobs(set).find(({ argo }) => argo.phases.includes('PreSync'));
    if (!set.selfHeal || !hook) return;
    for (const object of set.tracked) {
      const path = podSpecPath(object);
      if (!path || runsToCompletion(object) || list(at(object.object, ...path, 'initContainers')).length > 0) continue;
      yield { object, path, message: `has no init container, and self-heal applies it without ${describeManifest(hook)}` };
    }
  },
};
