import { hookJobs, numberAt } from '../select.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

const LEAST_SECONDS = 600;

export const hookJobTtlTooShort: Rule = {
  code: 'hook-job-ttl-too-short',
  level: 'warning',
  title: 'a hook Job deletes itself too soon',
  why: 'The Job goes soon after its end, and the logs of its Pods with it, those of a failure too. Argo CD holds it by a finalizer until it has seen the result; before version 2.14 the sync failed ("Resource is missing, it might have been deleted"), and a finalizer that is left behind blocks the deletion. Helm 3 takes a Job that is gone while it waits for a success, Helm 4 waits until its timeout.',
  source: 'argo-cd issues 6880, 18884, 21055, 29464; helm v3.21 pkg/kube/wait.go and issue 8146',
  fix: `leave spec.ttlSecondsAfterFinished out and let the delete policy clean up, or set at least ${LEAST_SECONDS}`,
  bad: exampleJob({ spec: ['backoffLimit: 1', 'activeDeadlineSeconds: 600', 'ttlSecondsAfterFinished: 60'] }),
  good: exampleJob({ spec: ['backoffLimit: 1', 'activeDeadlineSeconds: 600', 'ttlSecondsAfterFinished: 3600'] }),
  *check(set) {
    for (const object of hookJobs(set)) {
      const seconds = numberAt(object, 'spec', 'ttlSecondsAfterFinished');
      if (seconds !== undefined && seconds < LEAST_SECONDS) yield { object, path: ['spec', 'ttlSecondsAfterFinished'], message: `the Job and its logs are deleted ${seconds} s after its end` };
    }
  },
};
