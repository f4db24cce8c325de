/** The real parts in which tests show what a rule says: the bad example does the harm, the good one does not. */
export const ENGINES = {
  argo: { title: 'Argo CD 3.2.11', test: 'test/e2e/lint/argo.test.ts' },
  helm: { title: 'Helm 3.21.4 and 4.2.4', test: 'test/e2e/lint/helm.test.ts' },
  kubernetes: { title: 'Kubernetes 1.34.2', test: 'test/e2e/lint/helm.test.ts' },
} as const;
export type Engine = keyof typeof ENGINES;

export interface Evidence {
  /** Where it is shown; nowhere when empty. */
  readonly shown: readonly Engine[];
  /** What of the rule's words no test shows, and why; never missing where `shown` is empty. */
  readonly notShown?: string;
}

const ARGO: Evidence = { shown: ['argo'] };
const BOTH: Evidence = { shown: ['argo', 'helm'] };

/** For every rule, whether its claim has been seen in the real engine. Held complete, and equal to the tests' titles, by a test. */
export const evidence: Readonly<Record<string, Evidence>> = {
  'yaml-error': BOTH,
  'yaml-duplicate-key': BOTH,
  'incomplete-object': { shown: ['argo', 'kubernetes'] },
  'annotation-not-string': BOTH,
  'annotation-misspelled': BOTH,
  'annotation-unknown': BOTH,
  'annotation-misplaced': BOTH,
  'hook-type-unknown': ARGO,
  'hook-type-case': BOTH,
  'helm-hook-unknown': { shown: ['helm'] },
  'helm-hook-not-run-by-argo': ARGO,
  'hook-dialects-disagree': BOTH,
  'wave-not-integer': BOTH,
  'wave-on-delete-hook': { shown: ['argo'], notShown: 'PreDelete hooks: Argo CD has them from 3.3 on' },
  'delete-policy-unknown': BOTH,
  'sync-option-unknown': ARGO,
  'hook-job-no-deadline': { shown: ['argo', 'helm'], notShown: '"for good": the test looks on until a Job with a deadline has failed' },
  'hook-job-no-backoff-limit': { shown: ['kubernetes'], notShown: 'the whole ten minutes: the test watches the default and the first two pauses' },
  'hook-job-restart-policy': { shown: ['kubernetes'] },
  'hook-job-suspended': BOTH,
  'hook-job-ttl-too-short': { shown: ['argo', 'helm'], notShown: 'the hanging finalizer of issue 29464, which needs a stale cache, and Argo CD before 2.14' },
  'job-name-too-long': { shown: ['argo', 'kubernetes'] },
  'hook-job-not-recreated': BOTH,
  'hook-multi-phase-not-recreated': ARGO,
  'hook-default-policy': ARGO,
  'hook-recreates-state': { shown: ['argo', 'helm'], notShown: 'the loss itself: the test shows that a network policy is another object after a retry, and after an upgrade' },
  'post-delete-left-behind': ARGO,
  'hook-replace-force': { shown: ['argo'], notShown: '"already exists" and the hook that runs twice: both need a stale cache at the right moment' },
  'duplicate-identity': BOTH,
  'repeated-object': BOTH,
  'generate-name-not-hook': BOTH,
  'reference-too-late': BOTH,
  'reference-not-found': BOTH,
  'tracked-job-ttl': ARGO,
  'tracked-job-fixed-name': BOTH,
  'syncfail-cleanup': ARGO,
  'final-wave-ungated': ARGO,
  'watchdog-in-wave': ARGO,
  'watch-after-sync': BOTH,
  'completion-job-too-late': ARGO,
  'ondelete-gates-nothing': ARGO,
  'aggregated-api-in-app': ARGO,
  'hook-only-app': ARGO,
  'no-marker': ARGO,
  'fleet-verified-by-hook': { shown: [], notShown: 'the tests run Argo CD 3.2, which still looks at the result of the last sync; for newer releases the rule rests on their source' },
  'self-heal-skips-hooks': ARGO,
  'custom-resource-ungated': ARGO,
  'definition-too-late': { shown: ['helm'] },
  'moved-by-release': { shown: ['helm'] },
  'server-side-apply-required': ARGO,
  'annotations-too-large': { shown: ['argo', 'kubernetes'] },
  'template-asks-cluster': BOTH,
  'template-changes-always': BOTH,
};
