import { mentions } from '../../manifests/manifest.ts';
import { trackedJobs, numberAt } from '../select.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const trackedJobTtl: Rule = {
  code: 'tracked-job-ttl',
  level: 'error',
  title: 'a Job of the application deletes itself',
  why: 'A tracked Job that is gone makes the application OutOfSync, for good or, with self-heal, until it is created and run again, over and over.',
  source: 'argo-cd v3.2 controller/state.go (a missing object is OutOfSync), controller/appcontroller.go (autoSync)',
  fix: 'leave spec.ttlSecondsAfterFinished out, or make the Job a hook',
  bad: exampleJob({ name: 'verify-0a1b2c3d', annotations: [], spec: ['backoffLimit: 1', 'ttlSecondsAfterFinished: 3600'] }),
  good: exampleJob({ name: 'verify-0a1b2c3d', annotations: [], spec: ['backoffLimit: 1'] }),
  *check(set) {
    if (set.isChart) return;
    for (const object of trackedJobs(set)) {
      const seconds = mentions(object, 'ttlSecondsAfterFinished') ? numberAt(object, 'spec', 'ttlSecondsAfterFinished') : undefined;
      if (seconds !== undefined) yield { object, path: ['spec', 'ttlSecondsAfterFinished'], message: `the Job is gone ${seconds} s after its end, and the application is OutOfSync` };
    }
  },
};
