import { hookJobs, numberAt } from '../select.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

const LEAST_SECONDS = 600;

export const hookJobTtlTooShort: Rule = {
  code: 'hook-job-ttl-too-short',
  level: 'warning',
  title: 'a hook Job deletes itself too soon',
  why: 'A hook that is gone before its tool has seen the result fails the sync ("Resource is missing, it might have been deleted") or hangs on its finalizer; Helm 3 takes it for a success. Logs are gone as well.',
  source: 'argo-cd issues 6880, 18884, 21055, 29464; helm v3.21 pkg/kube/wait.go and issue 8146',
  fix: `leave spec.ttlSecondsAfterFinished out and let the delete policy clean up, or set at least ${LEAST_SECONDS}`,
  bad: exampleJob({ spec: ['backoffLimit: 1', 'activeDeadlineSeconds: 600', 'ttlSecondsAfterFinished: 60'] }),
  good: exampleJob({ spec: ['backoffLimit: 1', 'activeDeadlineSeconds: 600', 'ttlSecondsAfterFinished: 3600'] }),
  *check(set) {
    for (const object of hookJobs(set)) {
      const seconds = numberAt(object, 'spec', 'ttlSecondsAfterFinished');
      if (seconds !== undefined && seconds < LEAST_SECONDS) yield { object, path: ['spec', 'ttlSecondsAfterFinished'], message: `the Job is deleted ${seconds} s after its end, perhaps before its result is read` };
    }
  },
};
