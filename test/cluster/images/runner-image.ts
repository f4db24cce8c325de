import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { run } from '../run.ts';
import { type Entry, type Image, writeArchive } from './archive.ts';

/**
 * The product's image without an image registry: this machine's node with the libraries it links, and the bundle. The same
 * files, user, environment and entrypoint as target `runner` of deploy/Dockerfile (test/e2e/images holds them equal), but made in a second.
 */
export async function runnerImage(bundle: string, ref: string): Promise<Image> {
  const node = realpathSync(process.execPath);
  const entries: Record<string, Entry> = { '/usr/bin/node': { file: node }, '/app/runner.cjs': { file: bundle } };
  for (const part of partsOf(bundle)) entries[`/app/runner/${part}`] = { file: join(dirname(bundle), 'runner', part) };
  for (const library of await librariesOf(node)) entries[library] = { file: library };
  const archive = await writeArchive(entries, [{ ref, entrypoint: ['/usr/bin/node', '/app/runner.cjs'], user: '65532:65532', env: { NODE_OPTIONS: '--max-old-space-size=192' } }]);
  return { ref, archive };
}

/** What the bundle loads when it needs it; none for a bundle of one file. */
function partsOf(bundle: string): readonly string[] {
  const folder = join(dirname(bundle), 'runner');
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** The dynamic loader and the shared libraries, at the paths where the loader will look for them; none for a script. */
export async function librariesOf(program: string): Promise<string[]> {
  const lines = (await run('ldd', [program]).catch(() => '')).split('\n');
  return lines.flatMap((line) => /(?:=>\s+)?(\/\S+)\s+\(0x/.exec(line)?.[1] ?? []);
}
