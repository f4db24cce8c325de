import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** test/cluster */
export const clusterFolder = import.meta.dirname;
/** The root of the repository. */
export const projectFolder = resolve(clusterFolder, '../..');

/** Where built programs and images are kept between runs, outside the clone. Same rule as `parts/build`. */
export function cacheFolder(): string {
  const xdg = process.env['XDG_CACHE_HOME'];
  return process.env['HOOKWAVE_CACHE'] ?? join(xdg ?? join(homedir(), '.cache'), 'hookwave');
}

/** A program that `parts/build` has built. */
export function part(name: string): string {
  const path = join(cacheFolder(), 'bin', name);
  if (!existsSync(path)) throw new Error(`${path} is missing: run test/cluster/parts/build`);
  return path;
}

/** Upstream's published files, kept outside the repository: $HOOKWAVE_TESTDATA, else ../shared/testdata. */
const testdataFolder = process.env['HOOKWAVE_TESTDATA'] ?? resolve(projectFolder, '../shared/testdata');

/** Use with `describe.skipIf(!hasTestdata)` and put `testdataNote` into the title. */
export const hasTestdata = existsSync(join(testdataFolder, 'calico'));
export const testdataNote = hasTestdata ? '' : ` (skipped: no upstream files in ${testdataFolder}; set HOOKWAVE_TESTDATA)`;

/** The path of one of upstream's files, such as `calico/v3.32.1/calico.yaml`. */
export function testdata(path: string): string {
  const file = join(testdataFolder, path);
  if (!existsSync(file)) throw new Error(`${file} is missing: set HOOKWAVE_TESTDATA to the folder of upstream's files`);
  return file;
}
