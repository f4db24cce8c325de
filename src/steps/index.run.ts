/** The runner's registry of steps: a line each, loaded when the step runs. */
import type { ParamsSchema, Step, StepDefinition, StepRun } from './step.ts';

export const STEPS: Readonly<Record<string, () => Promise<Step>>> = {
  'plan-gate': async () => step((await import('./common/plan-gate.ts')).planGate, (await import('./common/plan-gate.run.ts')).runPlanGate),
  'crds-establish': async () => step((await import('./common/crds-establish.ts')).crdsEstablish, (await import('./common/crds-establish.run.ts')).runCrdsEstablish),
  'once-jobs-clear': async () => step((await import('./common/once-jobs-clear.ts')).onceJobsClear, (await import('./common/once-jobs-clear.run.ts')).runOnceJobsClear),
  'calico-ctl-remove': async () => step((await import('./calico/calico-ctl-remove.ts')).calicoCtlRemove, (await import('./calico/calico-ctl-remove.run.ts')).runCalicoCtlRemove),
  'calico-denies': async () => step((await import('./calico/calico-denies.ts')).calicoDenies, (await import('./calico/calico-denies.run.ts')).runCalicoDenies),
  'calico-diagnose': async () => step((await import('./calico/calico-diagnose.ts')).calicoDiagnose, (await import('./calico/calico-diagnose.run.ts')).runCalicoDiagnose),
  'calico-drift': async () => step((await import('./calico/calico-drift.ts')).calicoDrift, (await import('./calico/calico-drift.run.ts')).runCalicoDrift),
  'calico-endpoint-guard': async () => step((await import('./calico/calico-endpoint-guard.ts')).calicoEndpointGuard, (await import('./calico/calico-endpoint-guard.run.ts')).runCalicoEndpointGuard),
  'calico-inspect': async () => step((await import('./calico/calico-inspect.ts')).calicoInspect, (await import('./calico/calico-inspect.run.ts')).runCalicoInspect),
  'calico-protect': async () => step((await import('./calico/calico-protect.ts')).calicoProtect, (await import('./calico/calico-protect.run.ts')).runCalicoProtect),
  'calico-rollout-watch': async () => step((await import('./calico/calico-rollout-watch.ts')).calicoRolloutWatch, (await import('./calico/calico-rollout-watch.run.ts')).runCalicoRolloutWatch),
  'calico-unprotect': async () => step((await import('./calico/calico-unprotect.ts')).calicoUnprotect, (await import('./calico/calico-unprotect.run.ts')).runCalicoUnprotect),
  'calico-verify': async () => step((await import('./calico/calico-verify.ts')).calicoVerify, (await import('./calico/calico-verify.run.ts')).runCalicoVerify),
  'migration-inspect': async () => step((await import('./calico-migration/migration-inspect.ts')).migrationInspect, (await import('./calico-migration/migration-inspect.run.ts')).runMigrationInspect),
  'migration-abort': async () => step((await import('./calico-migration/migration-abort.ts')).migrationAbort, (await import('./calico-migration/migration-abort.run.ts')).runMigrationAbort),
  'migration-rollout': async () => step((await import('./calico-migration/migration-rollout.ts')).migrationRollout, (await import('./calico-migration/migration-rollout.run.ts')).runMigrationRollout),
  'migration-verify': async () => step((await import('./calico-migration/migration-verify.ts')).migrationVerify, (await import('./calico-migration/migration-verify.run.ts')).runMigrationVerify),
};

/** Parameters are checked against the definition's schema before a run sees them, so the pair is safe to widen. */
function step<S extends ParamsSchema>(definition: StepDefinition<S>, run: StepRun<S>): Step {
  return { definition, run } as unknown as Step;
}
