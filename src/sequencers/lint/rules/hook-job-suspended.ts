import { at } from '../../manifests/json.ts';
import { isJob, mentions } from '../../manifests/manifest.ts';
import { hookJobs } from '../select.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const hookJobSuspended: Rule = {
  code: 'hook-job-suspended',
  level: 'error',
  title: 'a suspended Job blocks the sync or the release',
  why: 'A suspended Job counts as still running: the sync waits for it for good. When somebody resumes it, Argo CD takes the condition Suspended=False for the end of the Job and goes on while it still runs. Helm waits until its timeout; after a resume it waits for the end.',
  source: 'argo-cd v3.2 gitops-engine pkg/health/health_job.go, pkg/sync/sync_context.go (Suspended counts as running)',
  fix: 'leave spec.suspend out; for a manual approval use a step that waits or a gate outside the sync',
  bad: exampleJob({ spec: ['backoffLimit: 1', 'activeDeadlineSeconds: 600', 'suspend: true'] }),
  good: exampleJob(),
  *check(set) {
    const tracked = set.multiStep && !set.isChart ? set.tracked.filter((one) => isJob(one) && mentions(one, 'suspend')) : [];
    for (const object of new Set([...hookJobs(set), ...tracked])) {
      if (at(object.object, 'spec', 'suspend') === true) yield { object, path: ['spec', 'suspend'], message: 'suspend: true: nothing goes on until somebody resumes this Job' };
    }
  },
};
