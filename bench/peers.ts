import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, projectFolder } from '../test/cluster/paths.ts';

export const hookwave = join(projectFolder, 'dist/hookwave.js');
export const runner = join(projectFolder, 'dist/runner.cjs');
export const cdk8s = join(projectFolder, 'node_modules/.bin/cdk8s');
export const NODE = process.execPath;

/** A program of test/cluster/parts or bench/parts. */
export function peer(name: 'kubectl' | 'helm3' | 'helm4' | 'kubeconform' | 'kube-score'): string {
  const path = join(cacheFolder(), 'bin', name);
  if (!existsSync(path)) throw new Error(`${path} is missing: run ${name.startsWith('kube') && name !== 'kubectl' ? 'bench' : 'test/cluster'}/parts/build`);
  return path;
}
