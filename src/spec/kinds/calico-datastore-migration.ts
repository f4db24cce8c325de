import { findWorkloads, type FoundWorkloads, type ManifestProblem } from '../../calico/migration-manifest.ts';
import { VERSION } from '../../version.ts';
import type { SpecKind, Upgrade } from '../kind.ts';
import { calicoDatastoreMigrationSpec, type CalicoDatastoreMigrationSpec } from './calico-datastore-migration.schema.ts';

type Spec = CalicoDatastoreMigrationSpec;
type Finding = ReturnType<SpecKind['check']>[number];

/** Calico 2.6 on etcd to Calico 3, with its data. */
export const calicoDatastoreMigrationKind: SpecKind<typeof calicoDatastoreMigrationSpec> = {
  kind: 'CalicoDatastoreMigration',
  summary: 'Calico 2.6 on etcd to Calico 3: moves the data from the v1 to the v3 datastore while the DaemonSet rolls',
  schema: calicoDatastoreMigrationSpec,
  template: `apiVersion: hookwave.dev/v1alpha1
kind: CalicoDatastoreMigration
metadata:
  name: calico-v3
spec:
  nodeImage: <IMAGE>                  # of calico-node in the new manifest, such as quay.io/calico/node:v3.1.7
  install:
    manifest: vendor/calico-v3.yaml   # your own manifest of Calico v3; pin it with \`hookwave vendor\`
    previous: vendor/calico-v2.yaml   # what runs now: the way back
  # etcd:                             # where it is, as Calico's own manifests have it
  #   configMap: calico-config        # keys etcd_endpoints, etcd_ca, etcd_cert, etcd_key
  #   secret: calico-etcd-secrets
  #   credentials: {secret: etcd-users}   # keys username and password
  # runner:                           # the image that runs the hooks: every node has to be able to pull it
  #   image: registry.example.com/hookwave/runner:v${VERSION}   # your copy, built from deploy/Dockerfile
  # direction: abort                  # back, before the completion
  # finished: true                    # after it: the DaemonSet's own update strategy again
`,
  files: ({ install }) => [
    { path: install.manifest, at: 'spec.install.manifest' },
    { path: install.previous, at: 'spec.install.previous' },
  ],
  check: (upgrade) => [...checkDirection(upgrade.spec), ...checkManifests(upgrade)],
};

function checkDirection({ direction, finished }: Spec): readonly Finding[] {
  if (direction === 'migrate' || !finished) return [];
  return [{ path: 'spec.finished', message: 'is true, and direction is abort', fix: 'take one of them away: what is finished has no way back' }];
}

function checkManifests({ spec, files }: Upgrade<Spec>): readonly Finding[] {
  const read = (path: string): FoundWorkloads => findWorkloads(files.get(path)?.text ?? '', { namespace: spec.namespace, ...spec.install });
  const { manifest, previous } = spec.install;
  const [next, last] = [read(manifest), read(previous)];
  const image = next.workloads?.nodeImage;
  return [
    ...at('spec.install.manifest', manifest, next.problems),
    ...at('spec.install.previous', previous, last.problems),
    ...(image !== undefined && image !== spec.nodeImage ? [{ path: 'spec.nodeImage', message: `is ${spec.nodeImage}, and ${manifest} has ${image}`, fix: 'write the image of the manifest, or correct the manifest' }] : []),
    ...(image !== undefined && image === last.workloads?.nodeImage ? [{ path: 'spec.install.previous', message: `${previous} has the same image of calico-node, ${image}`, fix: 'store the manifest that runs now' }] : []),
  ];
}

function at(path: string, file: string, problems: readonly ManifestProblem[]): readonly Finding[] {
  return problems.map(({ message, fix }) => ({ path, message: `${file} ${message}`, fix }));
}
