import type { Rule } from '../rule.ts';
import { aggregatedApiInApp } from './aggregated-api-in-app.ts';
import { annotationMisplaced } from './annotation-misplaced.ts';
import { annotationMisspelled } from './annotation-misspelled.ts';
import { annotationNotString } from './annotation-not-string.ts';
import { annotationUnknown } from './annotation-unknown.ts';
import { annotationsTooLarge } from './annotations-too-large.ts';
import { completionJobTooLate } from './completion-job-too-late.ts';
import { customResourceUngated } from './custom-resource-ungated.ts';
import { definitionTooLate } from './definition-too-late.ts';
import { deletePolicyUnknown } from './delete-policy-unknown.ts';
import { duplicateIdentity } from './duplicate-identity.ts';
import { finalWaveUngated } from './final-wave-ungated.ts';
import { fleetVerifiedByHook } from './fleet-verified-by-hook.ts';
import { generateNameNotHook } from './generate-name-not-hook.ts';
import { helmHookNotRunByArgo } from './helm-hook-not-run-by-argo.ts';
import { helmHookUnknown } from './helm-hook-unknown.ts';
import { hookDefaultPolicy } from './hook-default-policy.ts';
import { hookDialectsDisagree } from './hook-dialects-disagree.ts';
import { hookJobNoBackoffLimit } from './hook-job-no-backoff-limit.ts';
import { hookJobNoDeadline } from './hook-job-no-deadline.ts';
import { hookJobNotRecreated } from './hook-job-not-recreated.ts';
import { hookJobRestartPolicy } from './hook-job-restart-policy.ts';
import { hookJobSuspended } from './hook-job-suspended.ts';
import { hookJobTtlTooShort } from './hook-job-ttl-too-short.ts';
import { hookMultiPhaseNotRecreated } from './hook-multi-phase-not-recreated.ts';
import { hookOnlyApp } from './hook-only-app.ts';
import { hookRecreatesState } from './hook-recreates-state.ts';
import { hookReplaceForce } from './hook-replace-force.ts';
import { hookTypeCase } from './hook-type-case.ts';
import { hookTypeUnknown } from './hook-type-unknown.ts';
import { incompleteObject } from './incomplete-object.ts';
import { jobNameTooLong } from './job-name-too-long.ts';
import { movedByRelease } from './moved-by-release.ts';
import { noMarker } from './no-marker.ts';
import { ondeleteGatesNothing } from './ondelete-gates-nothing.ts';
import { postDeleteLeftBehind } from './post-delete-left-behind.ts';
import { referenceNotFound } from './reference-not-found.ts';
import { referenceTooLate } from './reference-too-late.ts';
import { repeatedObject } from './repeated-object.ts';
import { selfHealSkipsHooks } from './self-heal-skips-hooks.ts';
import { serverSideApplyRequired } from './server-side-apply-required.ts';
import { syncOptionUnknown } from './sync-option-unknown.ts';
import { syncfailCleanup } from './syncfail-cleanup.ts';
import { templateAsksCluster } from './template-asks-cluster.ts';
import { templateChangesAlways } from './template-changes-always.ts';
import { trackedJobFixedName } from './tracked-job-fixed-name.ts';
import { trackedJobTtl } from './tracked-job-ttl.ts';
import { watchAfterSync } from './watch-after-sync.ts';
import { watchdogInWave } from './watchdog-in-wave.ts';
import { waveNotInteger } from './wave-not-integer.ts';
import { waveOnDeleteHook } from './wave-on-delete-hook.ts';
import { yamlDuplicateKey } from './yaml-duplicate-key.ts';
import { yamlError } from './yaml-error.ts';

/** All rules: what can't be read, what is written wrong, then Jobs, policies, identity, references, the application as a whole and templates. */
export const rules: readonly Rule[] = [
  yamlError,
  yamlDuplicateKey,
  incompleteObject,
  annotationNotString,
  annotationMisspelled,
  annotationUnknown,
  annotationMisplaced,
  hookTypeUnknown,
  hookTypeCase,
  helmHookUnknown,
  helmHookNotRunByArgo,
  hookDialectsDisagree,
  waveNotInteger,
  waveOnDeleteHook,
  deletePolicyUnknown,
  syncOptionUnknown,
  hookJobNoDeadline,
  hookJobNoBackoffLimit,
  hookJobRestartPolicy,
  hookJobSuspended,
  hookJobTtlTooShort,
  jobNameTooLong,
  hookJobNotRecreated,
  hookMultiPhaseNotRecreated,
  hookDefaultPolicy,
  hookRecreatesState,
  postDeleteLeftBehind,
  hookReplaceForce,
  duplicateIdentity,
  repeatedObject,
  generateNameNotHook,
  referenceTooLate,
  referenceNotFound,
  trackedJobTtl,
  trackedJobFixedName,
  syncfailCleanup,
  finalWaveUngated,
  watchdogInWave,
  watchAfterSync,
  completionJobTooLate,
  ondeleteGatesNothing,
  aggregatedApiInApp,
  hookOnlyApp,
  noMarker,
  fleetVerifiedByHook,
  selfHealSkipsHooks,
  customResourceUngated,
  definitionTooLate,
  movedByRelease,
  serverSideApplyRequired,
  annotationsTooLarge,
  templateAsksCluster,
  templateChangesAlways,
];
