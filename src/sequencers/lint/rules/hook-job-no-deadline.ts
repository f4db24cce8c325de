import { hookJobs, numberAt } from '../select.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const hookJobNoDeadline: Rule = {
  code: 'hook-job-no-deadline',
  level: 'error',
  title: 'a hook Job may run for ever',
  why: 'Argo CD has no timeout for hooks. A Job whose Pods cannot be created (no account, quota), cannot be scheduled, or hang, keeps the sync running for good and no other sync can start. Helm gives up at its own timeout but leaves the Job running, and the next try deletes it in the middle of its work.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/sync_context.go (getOperationPhase), pkg/health/health_job.go; helm v4.2 pkg/action/hooks.go',
  fix: 'set spec.activeDeadlineSeconds; under Helm keep it below --timeout',
  bad: exampleJob({ spec: ['backoffLimit: 1'] }),
  good: exampleJob({ spec: ['backoffLimit: 1', 'activeDeadlineSeconds: 600'] }),
  *check(set) {
    for (const object of hookJobs(set)) {
      if (numberAt(object, 'spec', 'activeDeadlineSeconds') === undefined) yield { object, path: ['spec', 'activeDeadlineSeconds'], message: 'no activeDeadlineSeconds: nothing ends this hook when its Pods hang or are never created' };
    }
  },
};
