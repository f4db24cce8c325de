import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from '../run.ts';
import { type Entry, type Image, writeArchive } from './archive.ts';
import { librariesOf } from './runner-image.ts';

const root = join(import.meta.dirname, '../../..');
const base = 'hookwave.test/base:1';

/** A target of a Dockerfile; without a name the last one. */
export interface Build {
  readonly file: string;
  readonly target?: string;
}

/**
 * Builds images of Dockerfiles with buildah, from the bundles in dist/. Only the base is a stand-in, as there is no registry: this machine's node, and
 * the programs of a Debian image that the Dockerfiles use. The archives lie in `folder`.
 */
export async function dockerfileImages<T extends string>(folder: string, builds: Readonly<Record<T, Build>>): Promise<Readonly<Record<T, Image>>> {
  const work = mkdtempSync(join(tmpdir(), 'hookwave.buildah-'));
  const buildah = (...args: string[]): Promise<string> => run('buildah', ['--root', join(work, 'root'), '--runroot', join(work, 'run'), ...args], { cwd: root, env: BUILDAH });
  try {
    await buildah('pull', '--quiet', `docker-archive:${await baseArchive()}`);
    const images: [string, Image][] = [];
    for (const [name, { file, target }] of Object.entries<Build>(builds)) {
      const image = { ref: `hookwave.test/${name}:dockerfile`, archive: join(folder, `${name}.tar`) };
      await buildah('build', '--quiet', '--pull-never', '--build-arg', `BASE=${base}`, ...(target ? ['--target', target] : []), '--file', file, '--ignorefile', `${file}.dockerignore`, '--tag', image.ref, '.');
      await buildah('push', '--quiet', image.ref, `docker-archive:${image.archive}:${image.ref}`);
      images.push([name, image]);
    }
    return Object.fromEntries(images) as Record<T, Image>;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** No mounts and no namespaces: the machine allows few. */
const BUILDAH = { STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot' };

const PROGRAMS = ['sh', 'bash', 'mkdir', 'chmod', 'cp', 'ldd', 'grep', 'sort', 'xargs', 'cat', 'sed', 'ln'];

async function baseArchive(): Promise<string> {
  const programs = [process.execPath, ...PROGRAMS.map((name) => `/usr/bin/${name}`)];
  const entries: Record<string, Entry> = { '/bin': { link: 'usr/bin' } };
  for (const program of programs) {
    entries[program === process.execPath ? '/usr/local/bin/node' : program] = { file: realpathSync(program) };
    for (const library of await librariesOf(program)) entries[library] = { file: library };
  }
  return writeArchive(entries, [{ ref: base, entrypoint: [] }]);
}
