import { inspectManifest, type ManifestProblem } from '../../calico/manifest.ts';
import { BAD_TARGETS } from '../../calico/known-releases.ts';
import { compareVersions, isRelease } from '../../calico/versions.ts';
import { tagOf } from '../../calico/images.ts';
import { VERSION } from '../../version.ts';
import type { FileReference, SpecKind, Upgrade } from '../kind.ts';
import { splitManifest } from '../manifest-text.ts';
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
  return [
    ...at('spec.install.manifest', manifest, inspectManifest(text(manifest), spec.to).problems),
    ...(installed ? at('spec.install.installed', installed, inspectManifest(text(installed), spec.from).problems) : []),
    ...(calicoctl && calicoctl !== 'keep' ? at('spec.install.calicoctl', calicoctl, inspectCalicoctl(text(calicoctl), spec.to)) : []),
    ...(inspectManifest(text(manifest), spec.to).manifest ? checkPatches(spec, text(manifest)) : []),
  ];
}

function at(path: string, file: string, problems: readonly ManifestProblem[]): readonly Finding[] {
  return problems.map(({ message, fix }) => ({ path, message: `${file} ${message}`, fix }));
}

function inspectCalicoctl(text: string, release: string): readonly ManifestProblem[] {
  const fix = `vendor calicoctl.yaml of ${release}`;
  try {
    const pod = splitManifest(text).find(({ kind }) => kind === 'Pod');
    if (!pod) return [{ message: 'has no Pod', fix }];
    const image = /^\s*image:\s*["']?([^\s"']+)/m.exec(pod.text)?.[1];
    return isRelease(tagOf(image), release) ? [] : [{ message: `installs ${image ?? 'no image'}, not ${release}`, fix }];
  } catch (error) {
    return [{ message: `is no Kubernetes manifest (${error instanceof Error ? error.message : String(error)})`, fix }];
  }
}

function checkPatches({ overlays }: CalicoUpgradeSpec, manifest: string): readonly Finding[] {
  const documents = splitManifest(manifest);
  return overlays.patches.flatMap((patch, index) => {
    const path = `spec.overlays.patches.${index}`;
    const matches = documents.filter(({ kind, name, namespace }) => kind === patch.kind && name === patch.name && (!patch.namespace || namespace === patch.namespace));
    const selected = matches.length === 1 ? [] : [{ path, message: `selects ${matches.length} objects of the manifest`, fix: 'name the kind and the name of one object of the manifest' }];
    return [...selected, ...checkMerge(patch.merge).map((finding) => ({ ...finding, path: `${path}.merge.${finding.path}` }))];
  });
}

/** What is what, and when it is applied, is not for an overlay to change: guard, order and watch go by it. */
function checkMerge({ apiVersion, kind, metadata }: Readonly<Record<string, unknown>>): readonly Finding[] {
  const { name, namespace, annotations } = (typeof metadata === 'object' && metadata !== null ? metadata : {}) as Readonly<Record<string, unknown>>;
  const identity = Object.entries({ apiVersion, kind, 'metadata.name': name, 'metadata.namespace': namespace }).filter(([, value]) => value !== undefined);
  const order = typeof annotations === 'object' && annotations !== null ? Object.keys(annotations).filter((key) => ORDER.test(key)) : [];
  return [
    ...(metadata === null ? [{ path: 'metadata', message: 'would take the identity of the object away', fix: 'name the single fields that change' }] : []),
    ...identity.map(([path]) => ({ path, message: 'would make another object of it', fix: 'remove it; a patch changes an object and leaves it what it is' })),
    ...order.map((key) => ({ path: 'metadata.annotations', message: `sets ${key}, and the order of the upgrade is hookwave's work`, fix: 'remove it' })),
  ];
}

/** The last part of annotations of both sequencers. */
const ORDER = /\/(?:hook|hook-[a-z-]+|sync-wave)$/;
