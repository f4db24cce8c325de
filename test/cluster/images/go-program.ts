import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join, relative } from 'node:path';

import { cacheFolder, clusterFolder } from '../paths.ts';
import { run } from '../run.ts';

const module = join(clusterFolder, 'standins');

const building = new Map<string, Promise<string>>();

/** Builds a program of the module `test/cluster/standins` as a static binary, once per content of the module; whoever asks meanwhile waits for the same build. */
export function goProgram(name: string): Promise<string> {
  const found = building.get(name) ?? build(name);
  building.set(name, found);
  return found;
}

async function build(name: string): Promise<string> {
  const folder = join(cacheFolder(), 'standins', digestOf(module));
  const program = join(folder, name);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const partial = `${program}.${process.pid}`;
  await run('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', partial, `./${name}`], { cwd: module, env: { CGO_ENABLED: '0' } });
  renameSync(partial, program);
  return program;
}

/** The same in every checkout. */
function digestOf(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const file of files.map((entry) => join(entry.parentPath, entry.name)).toSorted()) hash.update(relative(folder, file)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}
