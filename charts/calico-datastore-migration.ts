import { Construct } from 'constructs';
import { findWorkloads, type Workloads } from '../src/calico/migration-manifest.ts';
import { etcdInputs } from '../src/constructs/etcd-inputs.ts';
import { FREEZE_SECONDS, nameUpdateStrategy } from '../src/constructs/freezable.ts';
import { HookJob } from '../src/constructs/hook-job.ts';
import { InitGuard } from '../src/constructs/init-guard.ts';
import { Marker } from '../src/constructs/marker.ts';
import { container } from '../src/constructs/own-container.ts';
import { planDigest, type RunbookJob } from '../src/constructs/runbook.ts';
import { use, type RunnerImage, type RunnerInputs } from '../src/constructs/runner-container.ts';
import { UpgradeChart, type DeadlinePlace, type UpgradeSummary } from '../src/constructs/upgrade-chart.ts';
import { mergePatch, VendorManifest, type VendorObject } from '../src/constructs/vendor-manifest.ts';
import { fileText } from '../src/spec/file-text.ts';
import type { Upgrade } from '../src/spec/kind.ts';
import type { CalicoDatastoreMigrationSpec } from '../src/spec/kinds/calico-datastore-migration.schema.ts';
import { migrationAbort } from '../src/steps/calico-migration/migration-abort.ts';
import { migrationInspect } from '../src/steps/calico-migration/migration-inspect.ts';
import { migrationRollout } from '../src/steps/calico-migration/migration-rollout.ts';
import { migrationVerify } from '../src/steps/calico-migration/migration-verify.ts';
import { onceJobsClear } from '../src/steps/common/once-jobs-clear.ts';
import { planGate } from '../src/steps/common/plan-gate.ts';
import type { UpgradeIdentity } from '../src/steps/step.ts';
import { RUNNER_IMAGE } from '../src/version.ts';

type Spec = CalicoDatastoreMigrationSpec;

/** Calico 2.6 on etcd to Calico 3, with its data (projectcalico/calico-upgrade, integration-snippets). */
export class CalicoDatastoreMigration extends UpgradeChart {
  readonly identity: UpgradeIdentity;
  readonly summary: UpgradeSummary;
  override readonly deadlines = DEADLINES;

  /** @throws Error when a manifest lacks a workload; `hookwave synth` reports that with the spec's path. */
  constructor(scope: Construct, id: string, upgrade: Upgrade<Spec>) {
    super(scope, id);
    const { name, kind, spec } = upgrade;
    const { from, to } = releases(upgrade);
    const isBack = spec.direction === 'abort';
    this.summary = { kind, from, to, notes: isBack ? WAY_BACK : NOTES };
    const jobs = jobsOf(upgrade, { from, to });
    this.identity = { upgrade: name, namespace: spec.namespace, plan: planOf(upgrade, { from, to }) };
    const runner = { image: spec.runner.image ?? RUNNER_IMAGE, imagePullPolicy: spec.runner.imagePullPolicy };
    const inputs = etcdInputs(spec.etcd);

    const why = isBack ? 'Calico v2 as it was before' : 'Calico v3, as you have it';
    const manifest = new VendorManifest(this, 'calico', { manifest: fileText(upgrade, isBack ? spec.install.previous : spec.install.manifest), file: 'calico', why });
    const [node] = manifest.find('DaemonSet', spec.install.daemonset);
    const [controllers] = manifest.find('Deployment', spec.install.deployment);
    if (node && (isBack || spec.finished)) nameUpdateStrategy(node);
    else if (node) rollAllAtOnce(node);
    if (controllers && !isBack && !spec.finished) waitAsLong(controllers, spec.deadlines.rollout);
    if (node && !isBack) guard(new Construct(this, 'node'), node, 'node-init', { runner, inputs: withQuiesce(inputs, spec.quiesce), why: 'the first of them migrates the data, none starts before that is done' });
    if (controllers && !isBack) guard(new Construct(this, 'controllers'), controllers, 'controller-init', { runner, inputs, why: 'the controllers write to the v3 datastore, which is there only after the migration' });

    for (const { id: job, ...props } of jobs) new HookJob(this, job, { identity: this.identity, runner, ...props });
    new Marker(this, 'marker', { identity: this.identity, kind, from, to });
  }
}

const NOTES = [
  'all calico-node Pods are replaced at once (maxUnavailable 100 %); workloads keep their network, but nothing is programmed until the completion',
  'after the completion there is no way back; before it, `direction: abort` is the way back, not a revert',
  'when it is over, commit `finished: true`: the DaemonSet gets its own update strategy back',
];
const WAY_BACK = ['takes the new calico-node away, lets Calico v1 go on, then brings back what ran before'];

/** The runbook, in its order. */
function jobsOf({ spec }: Upgrade<Spec>, { from, to }: Releases): readonly RunbookJob[] {
  const { direction, finished, install, deadlines } = spec;
  const at = { from, to, direction, namespace: spec.namespace, daemonset: install.daemonset, container: install.container };
  const inputs = etcdInputs(spec.etcd);
  const isBack = direction === 'abort';
  return [
    {
      id: 'preflight',
      phase: 'preflight',
      why: 'converts all data without writing any, and stops before anything changes when something is not in order',
      deadlineSeconds: deadlines.preflight,
      inputs,
      steps: [use(planGate, { from, to }), use(migrationInspect, { ...at, finished })],
    },
    {
      id: 'prepare',
      phase: 'prepare',
      why: isBack ? 'aborts the migration, before what ran before comes back' : 'clears what an earlier attempt has left',
      deadlineSeconds: deadlines.prepare,
      ...(isBack ? { inputs } : {}),
      steps: [use(onceJobsClear, {}), ...(isBack ? [use(migrationAbort, at)] : [])],
    },
    {
      id: 'rollout',
      phase: 'verify',
      why: isBack ? 'watches the rollout of what ran before' : 'completes the migration when every new calico-node has started, and freezes the rollout when it cannot go on',
      deadlineSeconds: deadlines.rollout + FREEZE_SECONDS,
      besideWorkload: true,
      inputs,
      steps: [use(migrationRollout, { ...at, rolloutSeconds: deadlines.rollout, stallSeconds: deadlines.stall })],
    },
    {
      id: 'verify',
      phase: 'verify',
      mode: 'tracked',
      why: 'proves once per plan that the datastore is in use and everything runs',
      deadlineSeconds: verifySeconds(spec),
      inputs,
      steps: [use(migrationVerify, { ...at, deployments: [install.deployment], stableSeconds: spec.verify.stableFor, timeoutSeconds: verifySeconds(spec) })],
    },
  ];
}

/** A sequencer that can't wait for the rollout first lets both run at once. */
function verifySeconds({ deadlines }: Spec): number {
  return deadlines.rollout + FREEZE_SECONDS + deadlines.verify;
}

const DEADLINES: readonly DeadlinePlace[] = [
  { field: 'deadlines.preflight', job: 'preflight', flag: 'deadline-seconds' },
  { field: 'deadlines.prepare', job: 'prepare', flag: 'deadline-seconds' },
];

/** No new Pod is ready before the completion, which waits for all of them: any other value would stop the rollout at its first Pods. */
function rollAllAtOnce(node: VendorObject): void {
  node.edit((document) => mergePatch(document, { spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%', maxSurge: null } } } }));
}

/** Its guard waits for the migration; after ten minutes, the default, the Deployment would count as failed. */
function waitAsLong(controllers: VendorObject, seconds: number): void {
  controllers.edit((document) => mergePatch(document, { spec: { progressDeadlineSeconds: seconds + FREEZE_SECONDS } }));
}

interface GuardProps {
  readonly runner: RunnerImage;
  readonly inputs: RunnerInputs;
  readonly why: string;
}

/** Knows no plan, so that the Pod template is the same in every commit. Root without capabilities: the certificates have mode 0400, and the Pod belongs to somebody else. */
function guard(scope: Construct, workload: VendorObject, command: 'node-init' | 'controller-init', { runner, inputs, why }: GuardProps): void {
  const step = container({ name: command, summary: GUARDS[command], ...runner, args: [command], securityContext: { runAsNonRoot: false, runAsUser: 0, runAsGroup: 0 } });
  new InitGuard(scope, 'guard', { workload, step, why, inputs });
}

function withQuiesce(inputs: RunnerInputs, quiesce: number): RunnerInputs {
  return { ...inputs, env: [...(inputs.env ?? []), { name: 'HOOKWAVE_QUIESCE_SECONDS', value: String(quiesce) }] };
}

const GUARDS = {
  'node-init': 'Migrates the data, or waits for the one that does.',
  'controller-init': 'Waits for the migration.',
} as const;

interface Releases {
  readonly from: string;
  readonly to: string;
}

/** The tags of calico-node's images. */
function releases(upgrade: Upgrade<Spec>): Releases {
  const { manifest, previous } = upgrade.spec.install;
  const [next, last] = [workloads(upgrade, manifest).nodeTag, workloads(upgrade, previous).nodeTag];
  return upgrade.spec.direction === 'abort' ? { from: next, to: last } : { from: last, to: next };
}

function workloads({ spec, files }: Upgrade<Spec>, path: string): Workloads {
  const { workloads: found, problems } = findWorkloads(files.get(path)?.text ?? '', { namespace: spec.namespace, ...spec.install });
  if (!found) throw new Error(`${path} ${problems.map(({ message }) => message).join('; ')}`);
  return found;
}

/** `finished` and the runner are no part of the plan: what they change is not what was done. */
function planOf(upgrade: Upgrade<Spec>, at: Releases): string {
  const { finished: _finished, runner: _runner, ...wish } = upgrade.spec;
  return planDigest(upgrade, wish, jobsOf({ ...upgrade, spec: { ...upgrade.spec, finished: false } }, at));
}
