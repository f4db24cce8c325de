import { comparePositions } from '../../argo/position.ts';
import { hasHealth } from '../health-kinds.ts';
import { describePosition, positionsOf } from '../model.ts';
import type { Rule } from '../rule.ts';
import { EXAMPLE_GATE, EXAMPLE_MARKER, exampleDaemonSet, exampleJob, stream } from '../example.ts';

export const finalWaveUngated: Rule = {
  code: 'final-wave-ungated',
  level: 'warning',
  title: 'nothing waits for the last wave',
  why: 'When the last phase and wave hold no hook, the sync has succeeded as soon as their objects are applied: nobody waits until they are healthy, and a failing rollout shows a successful sync.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/sync_context.go (remainingTasks)',
  fix: 'add a PostSync hook, or a Sync hook in a later wave',
  bad: stream(EXAMPLE_MARKER, exampleJob(), exampleDaemonSet({ annotations: ['argocd.argoproj.io/sync-wave: "1"'] })),
  good: stream(EXAMPLE_MARKER, exampleJob(), exampleDaemonSet({ annotations: ['argocd.argoproj.io/sync-wave: "1"'] }), EXAMPLE_GATE),
  scope: 'application',
  *check({ objects, steps, forArgo, isChart }) {
    const last = steps.at(-1);
    if (!forArgo || isChart || !last || steps.length < 2) return;
    const final = objects.filter((object) => positionsOf(object).some((position) => comparePositions(position, last) === 0));
    const [object, ...others] = final.filter(hasHealth);
    if (!object || final.some(({ argo }) => argo.isHook)) return;
    yield { object, message: `the sync succeeds before this is healthy: ${describePosition(last)} is the last and holds no hook${others.length > 0 ? ` (${others.length} more like it)` : ''}` };
  },
};
