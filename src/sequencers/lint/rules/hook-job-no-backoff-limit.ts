import { hookJobs, numberAt } from '../select.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const hookJobNoBackoffLimit: Rule = {
  code: 'hook-job-no-backoff-limit',
  level: 'warning',
  title: 'a hook Job does not say how often it tries',
  why: 'Without `backoffLimit` Kubernetes tries a failing Job seven times with growing pauses, which takes more than ten minutes; only then does the sync see the failure.',
  source: 'kubernetes v1.34 pkg/apis/batch/v1/defaults.go (BackoffLimit 6), pkg/controller/job/job_controller.go (pauses of 10 s, doubled each time)',
  fix: 'set spec.backoffLimit to the number of retries that help, often 0 or 1',
  bad: exampleJob({ spec: ['activeDeadlineSeconds: 600'] }),
  good: exampleJob({ spec: ['activeDeadlineSeconds: 600', 'backoffLimit: 1'] }),
  *check(set) {
    for (const object of hookJobs(set)) {
      if (numberAt(object, 'spec', 'backoffLimit') === undefined && numberAt(object, 'spec', 'backoffLimitPerIndex') === undefined) {
        yield { object, path: ['spec', 'backoffLimit'], message: 'no backoffLimit: a failure shows only after seven tries' };
      }
    }
  },
};
