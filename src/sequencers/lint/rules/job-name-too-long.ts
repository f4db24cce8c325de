import { numberAt } from '../select.ts';
import { at } from '../../manifests/json.ts';
import { isJob, mentions, type Manifest } from '../../manifests/manifest.ts';
import type { Remark, Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

/** The name becomes the value of a label on the Pods. */
const LONGEST_JOB = 63;
/** The controller adds `-` and ten digits. */
const LONGEST_CRON_JOB = 52;
/** What Argo CD adds to a generateName besides the phase: `<7 of the revision>-<phase>-<10 digits>`. */
const ARGO_SUFFIX = 7 + 1 + 1 + 10;

export const jobNameTooLong: Rule = {
  code: 'job-name-too-long',
  level: 'error',
  title: 'the name of a Job is too long',
  why: `The API server refuses a Job whose name has more than ${LONGEST_JOB} characters, because the name becomes a label of its Pods, and a CronJob of more than ${LONGEST_CRON_JOB}, because its Jobs get 11 more. An Indexed Job has to leave room for the index in the host name. Argo CD makes up to 27 more characters out of a generateName. Names of ${LONGEST_CRON_JOB} at most also leave room for a digest.`,
  source: 'kubernetes v1.34 pkg/apis/batch/validation/validation.go (ValidateJob, validateGeneratedSelector, ValidateCronJobCreate); argo-cd v3.2 gitops-engine pkg/sync/sync_context.go and issue 9184',
  fix: 'shorten the name',
  bad: exampleJob({ name: 'the-platform-teams-database-migration-before-the-upgrade-to-v3-32' }),
  good: exampleJob({ name: 'db-migration-v3-32' }),
  *check({ objects }) {
    for (const object of objects) {
      if (isJob(object)) yield* jobName(object);
      if (object.kind === 'CronJob' && object.group === 'batch' && object.name.length > LONGEST_CRON_JOB) yield remark(object, object.name.length, LONGEST_CRON_JOB);
    }
  },
};

function* jobName(object: Manifest): Iterable<Remark> {
  const { name, generateName, argo } = object;
  const phase = Math.max(0, ...(argo.isHook ? argo.phases.map(({ length }) => length) : []));
  const generated = name === '' && phase > 0 ? generateName.length + ARGO_SUFFIX + phase : 0;
  const indexed = mentions(object, 'Indexed') && at(object.object, 'spec', 'completionMode') === 'Indexed' ? `-${(numberAt(object, 'spec', 'completions') ?? 1) - 1}`.length : 0;
  const length = Math.max(name.length + indexed, generated);
  if (length > LONGEST_JOB) yield remark(object, length, LONGEST_JOB);
}

function remark(object: Manifest, length: number, most: number): Remark {
  return { object, path: ['metadata', object.name ? 'name' : 'generateName'], message: `the name has ${length} characters with what is added to it; at most ${most} are taken` };
}
