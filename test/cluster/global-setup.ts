import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import { clusterFolder } from './paths.ts';

const programs = ['containerd', 'ctr', 'runc', 'redis-server', 'iptables', 'conntrack', 'ip', 'nsenter', 'unshare', 'setpriv', 'git', 'go', 'buildah'];

/** Before the first test: the machine has what it needs and the real parts are built (cached: under a second). */
export function setup(): void {
  if (process.getuid?.() !== 0) throw new Error('the real tier needs root: it makes network namespaces, bridges and mounts');
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length > 0) throw new Error(`missing programs: ${missing.join(', ')}: run test/cluster/install (Debian)`);
  const build = spawnSync(join(clusterFolder, 'parts/build'), { stdio: ['ignore', 'ignore', 'inherit'] });
  if (build.status !== 0) throw new Error('test/cluster/parts/build failed, see above');
}

function isInstalled(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
