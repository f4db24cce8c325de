import { at } from '../../manifests/json.ts';
import { hookJobs } from '../select.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

const PATH = ['spec', 'template', 'spec', 'restartPolicy'];

export const hookJobRestartPolicy: Rule = {
  code: 'hook-job-restart-policy',
  level: 'warning',
  title: "a hook Job's Pods are not kept when they fail",
  why: 'With `restartPolicy: OnFailure` the containers start again in the same Pod, and when the Job gives up Kubernetes deletes that Pod: the logs of the failure are gone. `podFailurePolicy` needs Never.',
  source: 'Kubernetes documentation, Jobs, "Pod backoff failure policy"; kubernetes v1.34 pkg/apis/batch/validation/validation.go',
  fix: 'set spec.template.spec.restartPolicy: Never',
  bad: exampleJob({ pod: ['restartPolicy: OnFailure'] }),
  good: exampleJob({ pod: ['restartPolicy: Never'] }),
  *check(set) {
    for (const object of hookJobs(set)) {
      const policy = at(object.object, ...PATH);
      if (policy !== 'Never') yield { object, path: PATH, message: `restartPolicy ${typeof policy === 'string' ? policy : 'is not set'}: the logs of a failed hook are lost` };
    }
  },
};
