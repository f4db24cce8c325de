import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pins } from '../../../src/reference/versions-page.ts';

const root = join(import.meta.dirname, '../../..');

/** The one version that a file names behind a pattern. @throws Error when there is none, or several */
function pinned(file: string, pattern: RegExp): string {
  const found = new Set([...readFileSync(join(root, file), 'utf8').matchAll(pattern)].map(([, version = '']) => version));
  if (found.size !== 1) throw new Error(`${file} has ${found.size} versions (${[...found].join(', ')}) for ${String(pattern)}`);
  return [...found][0] ?? '';
}

const part = (name: string, module: string): string => pinned(`test/cluster/parts/${name}/go.mod`, new RegExp(`^(?:require )?\\s*${module} (v\\S+)$`, 'gm'));
const CALICO = 'test/cluster/calico.ts';
const WALK = 'test/e2e/calico-upgrade/walk.ts';
const MIGRATION = 'examples/calico-datastore-migration/vendor';

/** What the real tier runs, from the files that make it do so. */
export const pins: Pins = {
  kubernetes: part('kubernetes', 'k8s\\.io/kubernetes'),
  argoCd: part('argo-cd', 'github\\.com/argoproj/argo-cd/v3'),
  helm: [part('helm3', 'helm\\.sh/helm/v3'), part('helm4', 'helm\\.sh/helm/v4')],
  etcd: part('etcd', 'go\\.etcd\\.io/etcd/server/v3'),
  kwok: part('kwok', 'sigs\\.k8s\\.io/kwok'),
  node: { engines: pinned('package.json', /"engines": \{\s*"node": "([^"]+)"/g), image: pinned('deploy/Dockerfile', /^ARG BASE=\S+\/node:([\d.]+)/gm) },
  calico: {
    from: pinned(CALICO, /sourceCalico\(version = '(v[\d.]+)'\)/g),
    fromObjects: pinned(CALICO, /return upstreamCalico\('(v[\d.]+)'\)/g),
    to: pinned(WALK, /commitUpgrade: .*upstreamCalico\('(v[\d.]+)'\)/g),
    migration: [pinned(`${MIGRATION}/calico-v2.yaml`, /image: \S+\/node:(v[\d.]+)/g), pinned(`${MIGRATION}/calico-v3.yaml`, /image: \S+\/node:(v[\d.]+)/g)],
  },
};
