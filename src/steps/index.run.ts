/** The runner's registry of steps: a line each, loaded when the step runs. */
import type { ParamsSchema, Step, StepDefinition, StepRun } from './step.ts';

export const STEPS: Readonly<Record<string, () => Promise<Step>>> = {
  'plan-gate': async () => step((await import('./common/plan-gate.ts')).planGate, (await import('./common/plan-gate.run.ts')).runPlanGate),
  'once-jobs-clear': async () => step((await import('./common/once-jobs-clear.ts')).onceJobsClear, (await import('./common/once-jobs-clear.run.ts')).runOnceJobsClear),
  'calico-ctl-remove': async () => step((await import('./calico/calico-ctl-remove.ts')).calicoCtlRemove, (await import('./calico/calico-ctl-remove.run.ts')).runCalicoCtlRemove),
  'calico-diagnose': async () => step((await import('./calico/calico-diagnose.ts')).calicoDiagnose, (await import('./calico/calico-diagnose.run.ts')).runCalicoDiagnose),
  'calico-drift': async () => step((await import('./calico/calico-drift.ts')).calicoDrift, (await import('./calico/calico-drift.run.ts')).runCalicoDrift),
  'calico-inspect': async () => step((await import('./calico/calico-inspect.ts')).calicoInspect, (await import('./calico/calico-inspect.run.ts')).runCalicoInspect),
  'calico-rollout-watch': async () => step((await import('./calico/calico-rollout-watch.ts')).calicoRolloutWatch, (await import('./calico/calico-rollout-watch.run.ts')).runCalicoRolloutWatch),
  'calico-verify': async () => step((await import('./calico/calico-verify.ts')).calicoVerify, (await import('./calico/calico-verify.run.ts')).runCalicoVerify),
};

/** Parameters are checked against the definition's schema before a run sees them, so the pair is safe to widen. */
function step<S extends ParamsSchema>(definition: StepDefinition<S>, run: StepRun<S>): Step {
  return { definition, run } as unknown as Step;
}
