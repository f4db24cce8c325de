import { comparePositions } from '../../argo/position.ts';
import { describePosition, positionsOf } from '../model.ts';
import { isOnDelete } from '../select.ts';
import type { Rule } from '../rule.ts';
import { EXAMPLE_MARKER, exampleDaemonSet, exampleJob, stream } from '../example.ts';

const VERIFY = exampleJob({ name: 'smoke-test', annotations: ['argocd.argoproj.io/hook: PostSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation'] });

export const ondeleteGatesNothing: Rule = {
  code: 'ondelete-gates-nothing',
  level: 'warning',
  title: 'an OnDelete workload does not hold back the next wave',
  why: 'Argo CD calls a DaemonSet with the strategy OnDelete healthy at once, however many Pods still run the old version. What follows in later waves and phases starts before anything has been rolled out.',
  source: 'argo-cd v3.2 gitops-engine pkg/health/health_daemonset.go, health_statefulset.go',
  fix: 'use RollingUpdate, or gate the next wave with a Job that looks at the Pods',
  bad: stream(EXAMPLE_MARKER, exampleDaemonSet({ spec: ['updateStrategy: {type: OnDelete}'] }), VERIFY),
  good: stream(EXAMPLE_MARKER, exampleDaemonSet({ spec: ['updateStrategy: {type: RollingUpdate}'] }), VERIFY),
  *check({ tracked, steps, forArgo, isChart }) {
    const last = steps.at(-1);
    if (!forArgo || isChart || !last) return;
    for (const object of tracked) {
      const [position] = positionsOf(object);
      if (!/^(?:Daemon|Stateful)Set$/.test(object.kind) || !position || comparePositions(position, last) >= 0) continue;
      if (isOnDelete(object)) yield { object, path: ['spec', 'updateStrategy', 'type'], message: `healthy at once: what follows ${describePosition(position)} does not wait for its Pods` };
    }
  },
};
