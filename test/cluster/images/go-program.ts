import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

import { cacheFolder, clusterFolder } from '../paths.ts';
import { run } from '../run.ts';

const module = join(clusterFolder, 'standins');

/** Builds a program of the module `test/cluster/standins` as a static binary, once per content of the module. */
export async function goProgram(name: string): Promise<string> {
  const folder = join(cacheFolder(), 'standins', digestOf(module));
  const program = join(folder, name);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const partial = `${program}.${process.pid}`;
  await run('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', partial, `./${name}`], { cwd: module, env: { CGO_ENABLED: '0' } });
  renameSync(partial, program);
  return program;
}

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const file of files.map((entry) => join(entry.parentPath, entry.name)).toSorted()) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}
