/** A Git repository that holds what the plugin reads, and an Application over it. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { upstreamCalico } from '../../cluster/calico.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { createGitRepo, type GitRepo } from '../../cluster/git-repo.ts';
import { run } from '../../cluster/run.ts';
import { RUNNER } from '../calico-upgrade/walk.ts';

export const root = join(import.meta.dirname, '../../..');
const hookwave = join(root, 'dist/hookwave.js');

/** A folder with the command line under the name that plugin.yaml calls. */
export function programs(dir: string): string {
  mkdirSync(dir, { recursive: true });
  symlinkSync(hookwave, join(dir, 'hookwave'));
  return dir;
}

export function upgradeSpec(change: Readonly<Record<string, Json>> = {}): Json {
  return {
    apiVersion: 'hookwave.dev/v1alpha1',
    kind: 'CalicoUpgrade',
    metadata: { name: 'calico' },
    spec: {
      from: 'v3.13.4',
      to: 'v3.32.1',
      install: { type: 'manifest', datastore: 'kubernetes', manifest: 'vendor/calico.yaml' },
      verify: { stableFor: '3s' },
      ...change,
    },
  };
}

export interface UpgradeSource {
  readonly repo: GitRepo;
  /** Commits the specs as hookwave.yaml, with the vendored manifest and its lock. Nothing is synthesized. */
  commit(...specs: readonly Json[]): Promise<string>;
  /** An Application of the folder, with the parameters that a test cluster needs and these. */
  createApplication(parameters?: readonly object[]): Promise<void>;
}

export async function createUpgradeSource(cluster: Cluster): Promise<UpgradeSource> {
  const folder = join(cluster.dir, 'upgrades');
  const repo = await createGitRepo(join(cluster.dir, 'repo'));
  return {
    repo,
    async commit(...specs) {
      rmSync(folder, { recursive: true, force: true });
      put(join(folder, 'calico/vendor/calico.yaml'), upstreamCalico('v3.32.1'));
      put(join(folder, 'calico/hookwave.yaml'), specs.map((spec) => stringify(spec)).join('---\n'));
      await run('node', [hookwave, 'vendor', 'vendor/calico.yaml'], { cwd: join(folder, 'calico') });
      return repo.commit({ folder }, 'upgrade Calico');
    },
    createApplication: (parameters = []) =>
      cluster.argocd.createApplication({
        name: 'calico',
        repo: repo.url,
        path: 'calico',
        destinationNamespace: 'kube-system',
        retry: { limit: 1 },
        ignoreDifferences: [{ group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', jsonPointers: ['/spec/preserveUnknownFields'] }],
        plugin: { parameters: [...testRunner, ...parameters] },
      }),
  };
}

/** What a cluster without an image registry needs is no business of the spec in Git. */
const testRunner = [
  { name: 'runner.image', string: RUNNER },
  { name: 'runner.imagePullPolicy', string: 'Never' },
];

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
