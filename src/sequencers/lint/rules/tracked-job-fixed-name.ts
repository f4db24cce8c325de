import { SYNC_OPTIONS } from '../../manifests/keys.ts';
import { csv } from '../../manifests/reading.ts';
import { trackedJobs } from '../select.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

/** A digest, version or date as last part of the name: anything with a digit. */
const VERSIONED = /-[a-z0-9]*[0-9][a-z0-9]*$/;

export const trackedJobFixedName: Rule = {
  code: 'tracked-job-fixed-name',
  level: 'warning',
  title: 'a Job of the application keeps its name when it changes',
  why: 'The Pod template of a Job is immutable. An ordinary Job with a fixed name runs once, and the first commit that changes anything in its template, such as the image tag, fails with "field is immutable" at every sync. A name that ends in a digest or version is a new Job instead, and prune takes the old one away. It is a warning because a Job that never changes is fine.',
  source: 'kubernetes v1.34 pkg/apis/batch/validation/validation.go (ValidateJobSpecUpdate); argo-cd issue 5882',
  fix: 'end the name in a digest or version of what the Job runs, or make it a hook with BeforeHookCreation',
  bad: exampleJob({ name: 'verify', annotations: [] }),
  good: exampleJob({ name: 'verify-0a1b2c3d', annotations: [] }),
  *check(set) {
    for (const object of trackedJobs(set)) {
      if (object.name === '' || VERSIONED.test(object.name) || csv(object.annotations[SYNC_OPTIONS]).some((option) => option === 'Replace=true' || option === 'Force=true')) continue;
      yield { object, path: ['metadata', 'name'], message: 'an ordinary Job without a digest or version in its name: the next change of its template fails as immutable' };
    }
  },
};
