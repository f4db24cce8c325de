import type { Construct } from 'constructs';
import { driftFile } from '../src/calico/drift-file.ts';
import { inspectManifest, type CalicoManifest } from '../src/calico/manifest.ts';
import { rowsCrossed } from '../src/calico/releases.ts';
import { crosses } from '../src/calico/versions.ts';
import type { DaemonSet, PodSpec } from '../src/calico/workloads.ts';
import { overlayCalico } from '../src/constructs/calico-overlay.ts';
import { crdOutline } from '../src/constructs/crd-outline.ts';
import { FREEZE_SECONDS, nameUpdateStrategy } from '../src/constructs/freezable.ts';
import { HookJob } from '../src/constructs/hook-job.ts';
import { InitGuard } from '../src/constructs/init-guard.ts';
import { Marker } from '../src/constructs/marker.ts';
import { planDigest, type RunbookJob } from '../src/constructs/runbook.ts';
import { use } from '../src/constructs/runner-container.ts';
import { UpgradeChart, type DeadlinePlace, type UpgradeSummary } from '../src/constructs/upgrade-chart.ts';
import { UpgradeNamespace } from '../src/constructs/upgrade-namespace.ts';
import { VendorManifest } from '../src/constructs/vendor-manifest.ts';
import type { KubeObject } from '../src/kube/cluster.ts';
import { fileText } from '../src/spec/file-text.ts';
import type { Upgrade } from '../src/spec/kind.ts';
import type { CalicoUpgradeSpec } from '../src/spec/kinds/calico-upgrade.schema.ts';
import { readManifestDocument, splitManifest, type ManifestDocument } from '../src/spec/manifest-text.ts';
import { calicoCtlRemove } from '../src/steps/calico/calico-ctl-remove.ts';
import { calicoDenies } from '../src/steps/calico/calico-denies.ts';
import { calicoDiagnose } from '../src/steps/calico/calico-diagnose.ts';
import { calicoDrift } from '../src/steps/calico/calico-drift.ts';
import { calicoEndpointGuard } from '../src/steps/calico/calico-endpoint-guard.ts';
import { calicoInspect } from '../src/steps/calico/calico-inspect.ts';
import { calicoProtect } from '../src/steps/calico/calico-protect.ts';
import { calicoRolloutWatch } from '../src/steps/calico/calico-rollout-watch.ts';
import { calicoUnprotect } from '../src/steps/calico/calico-unprotect.ts';
import { calicoVerify } from '../src/steps/calico/calico-verify.ts';
import { HOST_ENDPOINTS_DROP } from '../src/steps/calico/host-endpoint-change.ts';
import { crdsEstablish } from '../src/steps/common/crds-establish.ts';
import { onceJobsClear } from '../src/steps/common/once-jobs-clear.ts';
import { planGate } from '../src/steps/common/plan-gate.ts';
import type { UpgradeIdentity } from '../src/steps/step.ts';
import { RUNNER_IMAGE } from '../src/version.ts';

/** Calico 3.x to 3.y, installed by manifest on the Kubernetes datastore (projectcalico/calico, maintenance/kubernetes-upgrade). */
export class CalicoUpgrade extends UpgradeChart {
  readonly identity: UpgradeIdentity;
  readonly summary: UpgradeSummary;
  override readonly deadlines = DEADLINES;

  /** @throws Error when the manifest is not one of Calico on the Kubernetes datastore; `hookwave synth` reports that with the spec's path. */
  constructor(scope: Construct, id: string, upgrade: Upgrade<CalicoUpgradeSpec>) {
    super(scope, id);
    const { name, kind, spec } = upgrade;
    const { from, to, install, overlays, runner } = spec;
    const calico = calicoManifest(upgrade);
    this.summary = { kind, from, to, notes: rowsCrossed(from, to, 'manifest-kubernetes').map((row) => `${row.release}: ${row.change}; ${row.action}`) };

    const manifest = new VendorManifest(this, 'calico', { manifest: fileText(upgrade, install.manifest), file: 'calico', why: `Calico ${to}, as the vendor ships it` });
    overlayCalico(manifest, overlays, calico.workload, calico.configMap);
    if (install.calicoctl && install.calicoctl !== 'keep') {
      new VendorManifest(this, 'calicoctl', { manifest: fileText(upgrade, install.calicoctl), file: 'calicoctl', wave: () => 1, loose: true, why: `the calicoctl helper of ${to}` });
    }

    const jobs = jobsOf(upgrade, calico, manifest);
    const namespace = runner.namespace ?? `hookwave-${name}`;
    this.identity = { upgrade: name, namespace, plan: planOf(upgrade, jobs) };
    const common = { identity: this.identity, runner: { image: runner.image ?? RUNNER_IMAGE, imagePullPolicy: runner.imagePullPolicy } };

    if (runner.namespace === undefined) new UpgradeNamespace(this, 'namespace', this.identity);
    for (const { id: job, ...props } of jobs) new HookJob(this, job, { ...common, ...props });
    const [workload] = manifest.find('DaemonSet', calico.workload.daemonset);
    if (workload) nameUpdateStrategy(workload);
    if (workload && spec.hostEndpoints.guard && crosses(from, to, HOST_ENDPOINTS_DROP)) {
      const { serviceAccount } = calico;
      new InitGuard(this, 'guard', { ...common, workload, serviceAccount, step: use(calicoEndpointGuard, { node: '$(NODE_NAME)' }), why: 'a node whose `*` host endpoint nothing protects would be cut off' });
    }
    new Marker(this, 'marker', { identity: this.identity, kind, from, to });
  }
}

/** The runbook, in its order. */
function jobsOf(upgrade: Upgrade<CalicoUpgradeSpec>, calico: CalicoManifest, manifest: VendorManifest): readonly RunbookJob[] {
  const { spec } = upgrade;
  const { from, to, install, hostEndpoints, deadlines } = spec;
  const at = { from, to, ...calico.workload };
  const calicoctl = install.calicoctl === undefined ? 'absent' : install.calicoctl === 'keep' ? 'keep' : 'replace';
  const hostEndpointChange = crosses(from, to, HOST_ENDPOINTS_DROP);
  return [
    {
      id: 'preflight',
      phase: 'preflight',
      why: 'says what is due, and stops before anything changes when something is not in order',
      deadlineSeconds: deadlines.preflight,
      files: { 'tunables.json': tunablesFile(upgrade, calico, manifest) },
      steps: [
        use(planGate, { from, to }),
        use(calicoInspect, { ...at, deployments: [...calico.deployments], calicoctl }),
        ...(hostEndpointChange ? [use(calicoDenies, { ...at, acknowledged: hostEndpoints.acknowledgeDenies })] : []),
        use(calicoDrift, { tunables: '/etc/hookwave/tunables.json', ...at }),
      ],
    },
    {
      id: 'prepare',
      phase: 'prepare',
      why: 'opens the run and protects what the new release would cut off',
      deadlineSeconds: deadlines.prepare,
      files: { 'crds.json': JSON.stringify(manifest.find('CustomResourceDefinition').map(({ document }) => crdOutline(document.text)), null, 2) },
      steps: [use(onceJobsClear, {}), use(crdsEstablish, { file: '/etc/hookwave/crds.json' }), use(calicoProtect, at), ...(calicoctl === 'replace' ? [use(calicoCtlRemove, { to, namespace: calico.workload.namespace })] : [])],
    },
    {
      id: 'rollout',
      phase: 'verify',
      why: 'watches the rollout beside it, and freezes it when it cannot go on',
      deadlineSeconds: deadlines.rollout + FREEZE_SECONDS,
      steps: [use(calicoRolloutWatch, { ...at, containers: [...containerNames(manifest, calico)], rolloutSeconds: deadlines.rollout, stallSeconds: deadlines.stall })],
    },
    {
      id: 'verify',
      phase: 'verify',
      mode: 'tracked',
      why: 'proves once per plan that every part runs the new release',
      deadlineSeconds: deadlines.verify,
      steps: [use(calicoVerify, { ...at, deployments: [...calico.deployments], stableSeconds: spec.verify.stableFor, timeoutSeconds: deadlines.verify })],
    },
    ...(hostEndpointChange
      ? [
          {
            id: 'cleanup',
            phase: 'cleanup',
            why: 'takes the temporary policy away, once that is approved and nothing depends on it',
            deadlineSeconds: deadlines.cleanup,
            steps: [use(calicoUnprotect, { ...at, overrides: spec.cleanup.uncovered, approved: spec.cleanup.approved })],
          } as const,
        ]
      : []),
    {
      id: 'rescue',
      phase: 'rescue',
      optional: true,
      why: 'notes in the run record what stands in the way; changes nothing else',
      deadlineSeconds: RESCUE_SECONDS,
      steps: [use(calicoDiagnose, at)],
    },
  ];
}

/** Of the target template; not the guard's. */
function containerNames(manifest: VendorManifest, { workload }: CalicoManifest): readonly string[] {
  const [daemonSet] = manifest.find('DaemonSet', workload.daemonset);
  const { containers = [], initContainers = [] } = ((daemonSet?.read() as Partial<DaemonSet> | undefined)?.spec?.template.spec ?? {}) as Partial<PodSpec>;
  return [...initContainers, ...containers].map(({ name }) => name);
}

const RESCUE_SECONDS = 300;

const DEADLINES: readonly DeadlinePlace[] = [
  { field: 'deadlines.preflight', job: 'preflight', flag: 'deadline-seconds' },
  { field: 'deadlines.prepare', job: 'prepare', flag: 'deadline-seconds' },
  { field: 'deadlines.rollout', job: 'rollout', flag: 'rollout-seconds' },
  { field: 'deadlines.rollout', job: 'rollout', flag: 'deadline-seconds', plus: FREEZE_SECONDS },
  { field: 'deadlines.stall', job: 'rollout', flag: 'stall-seconds' },
  { field: 'deadlines.verify', job: 'verify', flag: 'deadline-seconds' },
  { field: 'deadlines.verify', job: 'verify', flag: 'timeout-seconds' },
  { field: 'deadlines.cleanup', job: 'cleanup', flag: 'deadline-seconds' },
];

function calicoManifest(upgrade: Upgrade<CalicoUpgradeSpec>): CalicoManifest {
  const { manifest, problems } = inspectManifest(fileText(upgrade, upgrade.spec.install.manifest), upgrade.spec.to);
  if (!manifest) throw new Error(`${upgrade.spec.install.manifest} ${problems.map(({ message }) => message).join('; ')}`);
  return manifest;
}

/** What calico-drift compares the cluster with. */
function tunablesFile({ spec, files }: Upgrade<CalicoUpgradeSpec>, { workload, configMap, documents }: CalicoManifest, manifest: VendorManifest): string {
  const { installed } = spec.install;
  const input = {
    target: EDITED_KINDS.flatMap((kind) => manifest.find(kind).map((object) => object.read() as unknown as KubeObject)),
    vendor: editedObjects(documents),
    overlays: spec.overlays,
    workload,
    configMap,
  };
  const before = installed === undefined ? undefined : editedObjects(splitManifest(files.get(installed)?.text ?? ''));
  return JSON.stringify(driftFile(before ? { ...input, installed: before } : input), null, 2);
}

const EDITED_KINDS = ['ConfigMap', 'DaemonSet', 'Deployment'];

function editedObjects(documents: readonly ManifestDocument[]): readonly KubeObject[] {
  return documents.filter(({ kind }) => EDITED_KINDS.includes(kind)).map(({ text }) => readManifestDocument(text) as KubeObject);
}

/** Cleanup and runner settings are no part of the plan: approving it, or a new runner image, does not make it another one. */
function planOf(upgrade: Upgrade<CalicoUpgradeSpec>, jobs: readonly RunbookJob[]): string {
  const { cleanup: _cleanup, runner: _runner, ...wish } = upgrade.spec;
  return planDigest(upgrade, wish, jobs.filter(({ phase }) => phase !== 'cleanup'));
}
