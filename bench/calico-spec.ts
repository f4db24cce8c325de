import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder, testdata } from '../test/cluster/paths.ts';
import { hookwave, NODE } from './peers.ts';

export interface CalicoSpecOptions {
  /** Upstream's manifest of v3.32.1, 350 kB; else the small one of the example. */
  readonly upstream: boolean;
  readonly patches?: readonly object[];
}

/** Writes a spec, its lock and its vendor file. */
export function writeCalicoSpec(folder: string, { upstream, patches = [] }: CalicoSpecOptions): string {
  const manifest = upstream ? testdata('calico/v3.32.1/calico.yaml') : join(projectFolder, 'examples/calico-manifest/vendor/calico.yaml');
  const spec = { from: 'v3.13.4', to: 'v3.32.1', install: { type: 'manifest', datastore: 'kubernetes', manifest: 'vendor/calico.yaml' }, ...(patches.length > 0 ? { overlays: { patches } } : {}) };
  mkdirSync(join(folder, 'vendor'), { recursive: true });
  cpSync(manifest, join(folder, 'vendor/calico.yaml'));
  writeFileSync(join(folder, 'hookwave.yaml'), JSON.stringify({ apiVersion: 'hookwave.dev/v1alpha1', kind: 'CalicoUpgrade', metadata: { name: 'calico' }, spec }));
  execFileSync(NODE, [hookwave, 'vendor', 'vendor/calico.yaml'], { cwd: folder, stdio: 'ignore' });
  return folder;
}
