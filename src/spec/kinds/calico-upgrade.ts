import { inspectManifest, type ManifestProblem } from '../../calico/manifest.ts';
import { BAD_TARGETS } from '../../calico/known-releases.ts';
import { compareVersions, isRelease } from '../../calico/versions.ts';
import { tagOf } from '../../calico/images.ts';
import { VERSION } from '../../version.ts';
import type { FileReference, SpecKind, Upgrade } from '../kind.ts';
import { splitManifest } from '../manifest-text.ts';
import { orderProblemsIn } from '../order-annotations.ts';
import { checkOverlays } from './calico-overlays.ts';
import { calicoUpgradeSpec, type CalicoUpgradeSpec } from './calico-upgrade.schema.ts';

type Finding = ReturnType<SpecKind['check']>[number];

/** Calico 3.x to 3.y, installed by manifest on the Kubernetes datastore. */
export const calicoUpgradeKind: SpecKind<typeof calicoUpgradeSpec> = {
  kind: 'CalicoUpgrade',
  summary: 'Calico 3.x to a later 3.y, installed by manifest on the Kubernetes datastore',
  schema: calicoUpgradeSpec,
  template: `apiVersion: hookwave.dev/v1alpha1
kind: CalicoUpgrade
metadata:
  name: calico
spec:
  from: <FROM>                        # the release that runs now, such as v3.13.4
  to: <TO>                            # the release to upgrade to, such as v3.32.1
  install:
    type: manifest
    datastore: kubernetes
    manifest: vendor/calico.yaml      # hookwave vendor URL-OF-THE-MANIFEST
  # overlays:                         # your local edits, carried onto the vendor's manifest
  #   config: {veth_mtu: "1440"}
  #   env: {CALICO_IPV4POOL_CIDR: 10.244.0.0/16}
  #   registry: registry.example.com/calico
  # runner:                           # the image that runs the hooks: every node has to be able to pull it
  #   image: registry.example.com/hookwave/runner:v${VERSION}   # your copy, built from deploy/Dockerfile
`,
  files: ({ install }) => filesOf(install),
  check: (upgrade) => [...checkReleases(upgrade.spec), ...checkFiles(upgrade)],
};

function filesOf({ manifest, installed, calicoctl }: CalicoUpgradeSpec['install']): readonly FileReference[] {
  return [
    { path: manifest, at: 'spec.install.manifest' },
    ...(installed ? [{ path: installed, at: 'spec.install.installed' }] : []),
    ...(calicoctl && calicoctl !== 'keep' ? [{ path: calicoctl, at: 'spec.install.calicoctl' }] : []),
  ];
}

function checkReleases({ from, to }: CalicoUpgradeSpec): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [path, release] of [['spec.from', from], ['spec.to', to]] as const) {
    if (!release.startsWith('v3.')) findings.push({ path, message: `is ${release}, not a release of Calico 3`, fix: 'write a release such as v3.32.1' });
  }
  if (findings.length === 0 && compareVersions(from, to) > 0) {
    findings.push({ path: 'spec.to', message: `is ${to}, older than ${from}`, fix: 'exchange from and to; to go back, revert the commit in Git' });
  }
  const bad = BAD_TARGETS.find(({ release }) => release === to);
  if (bad) findings.push({ path: 'spec.to', message: `is ${to}: ${bad.reason}`, fix: `use ${bad.instead}` });
  return findings;
}

function checkFiles({ spec, files }: Upgrade<CalicoUpgradeSpec>): readonly Finding[] {
  const { manifest, installed, calicoctl } = spec.install;
  const text = (path: string): string => files.get(path)?.text ?? '';
  const { manifest: target, problems } = inspectManifest(text(manifest), spec.to);
  return [
    ...at('spec.install.manifest', manifest, problems),
    ...(installed ? at('spec.install.installed', installed, inspectManifest(text(installed), spec.from).problems) : []),
    ...(calicoctl && calicoctl !== 'keep' ? at('spec.install.calicoctl', calicoctl, inspectCalicoctl(text(calicoctl), spec.to)) : []),
    ...(target ? checkOverlays(spec.overlays, text(manifest), target.configMap) : []),
  ];
}

function at(path: string, file: string, problems: readonly ManifestProblem[]): readonly Finding[] {
  return problems.map(({ message, fix }) => ({ path, message: `${file} ${message}`, fix }));
}

function inspectCalicoctl(text: string, release: string): readonly ManifestProblem[] {
  const fix = `vendor calicoctl.yaml of ${release}`;
  try {
    const documents = splitManifest(text);
    const order = orderProblemsIn(documents);
    if (order.length > 0) return order;
    const pod = documents.find(({ kind }) => kind === 'Pod');
    if (!pod) return [{ message: 'has no Pod', fix }];
    const image = /^\s*image:\s*["']?([^\s"']+)/m.exec(pod.text)?.[1];
    return isRelease(tagOf(image), release) ? [] : [{ message: `installs ${image ?? 'no image'}, not ${release}`, fix }];
  } catch (error) {
    return [{ message: `is no Kubernetes manifest (${error instanceof Error ? error.message : String(error)})`, fix }];
  }
}
