/**
 * hookwave as a cdk8s library: recipes, and the constructs to write your own with. Build a chart, call `argo(chart)` or `helm(chart)`, then write what it
 * returns or call `app.synth()`.
 * @packageDocumentation
 */

// Recipes.
export { CalicoUpgrade, type CalicoUpgradeProps, type CalicoUpgradeSpec } from './library/calico-upgrade.ts';
export type { RecipeProps } from './library/checked-upgrade.ts';

// What a recipe of your own is made of.
export { AllowAllPolicy, type AllowAllPolicyProps } from './constructs/allow-all-policy.ts';
export { HookJob, type HookJobProps } from './constructs/hook-job.ts';
export { InitGuard, type InitGuardProps } from './constructs/init-guard.ts';
export { Marker, type MarkerProps } from './constructs/marker.ts';
export { container, type OwnContainer } from './constructs/own-container.ts';
export { place, type Placed } from './constructs/placed.ts';
export { use, type InputVolume, type RunnerImage, type RunnerInputs, type StepUse } from './constructs/runner-container.ts';
export { UpgradeChart, type DeadlinePlace, type UpgradeSummary } from './constructs/upgrade-chart.ts';
export { UpgradeNamespace } from './constructs/upgrade-namespace.ts';
export { VendorManifest, VendorObject, type VendorManifestProps } from './constructs/vendor-manifest.ts';
export { digest } from './plan/digest.ts';
export { PHASES, type Mode, type Phase } from './plan/phases.ts';
export { placement, type Placement } from './plan/placement.ts';
export type { ManifestDocument } from './spec/manifest-text.ts';
export { onceJobsClear } from './steps/common/once-jobs-clear.ts';
export { planGate } from './steps/common/plan-gate.ts';
export type { AccessRule, ParamsSchema, StepDefinition, UpgradeIdentity, Verb } from './steps/step.ts';

// Sequencers, and what they write.
export { writeFolders, type OutputFolder } from './cli/write-folders.ts';
export { argo } from './sequencers/argo/argo.ts';
export { helm } from './sequencers/helm/helm.ts';
export type { OutputFile } from './sequencers/output.ts';
export { InvalidInput, type Problem } from './spec/problem.ts';
