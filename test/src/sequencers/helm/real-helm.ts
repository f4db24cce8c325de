import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { OutputFile } from '../../../../src/sequencers/output.ts';
import { cacheFolder } from '../../../cluster/paths.ts';

export interface RealHelm {
  /** Its name, and the reason where it is skipped. */
  readonly title: string;
  readonly path: string;
  readonly present: boolean;
}

/** Both Helms as `test/cluster/parts/build helm3 helm4` builds them; `HELM3_BIN` and `HELM4_BIN` name others. */
export const helms: readonly RealHelm[] = [3, 4].map((major) => {
  const path = process.env[`HELM${major}_BIN`] ?? join(cacheFolder(), 'bin', `helm${major}`);
  const present = existsSync(path);
  return { title: present ? `Helm ${major}` : `Helm ${major} (skipped: no ${path}; run test/cluster/parts/build helm${major})`, path, present };
});

/** Writes a chart into a folder of the name that Helm wants, calls `work` with it and takes it away. */
export async function withChart<T>(name: string, files: readonly OutputFile[], work: (folder: string) => Promise<T>): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), 'hookwave-chart-'));
  try {
    for (const file of files) {
      const path = join(parent, name, file.name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file.text);
    }
    return await work(join(parent, name));
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

/** Standard output. @throws Error with what Helm said */
export async function run({ path }: RealHelm, ...args: readonly string[]): Promise<string> {
  const home = join(tmpdir(), 'hookwave-helm');
  const env = { PATH: process.env['PATH'], HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home, KUBECONFIG: '/nowhere' };
  const { stdout } = await promisify(execFile)(path, [...args], { env, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
