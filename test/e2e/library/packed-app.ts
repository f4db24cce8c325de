import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { run } from '../../cluster/run.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** A cdk8s app somewhere else that uses the packed library. */
export interface PackedApp {
  /** Holds package.json and the sources. */
  readonly folder: string;
  readonly tarball: string;
  /** Runs node in the folder; resolves with what it prints. */
  node(...args: readonly string[]): Promise<string>;
  /** Resolves with the errors that it prints. */
  tsc(...args: readonly string[]): Promise<string>;
  write(file: string, text: string): void;
  remove(): void;
}

/** What the app of examples/library has installed beside the library, and what the library's package.json brings with it. */
const OWN = ['cdk8s', 'cdk8s-plus-28', 'constructs', '@types/node'];
const BROUGHT = ['semver', 'yaml', 'zod'];

/** What is made or installed there anew. */
const NOT_PACKED = new Set(['node_modules', 'dist', '.git', '.test']);

/** Packs the library and unpacks it in a copy of examples/library, with links to just those packages that an installation has there. */
export async function packedApp(): Promise<PackedApp> {
  const work = mkdtempSync(join(tmpdir(), 'hookwave-packed-'));
  const folder = join(work, 'library');
  for (const example of ['library', 'calico-manifest']) cpSync(join(ROOT, 'examples', example), join(work, example), { recursive: true });
  // Elsewhere: packing builds, and a build empties dist/, which other tests use.
  const source = join(work, 'source');
  cpSync(ROOT, source, { recursive: true, filter: (path) => !NOT_PACKED.has(relative(ROOT, path)) });
  symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'));
  const printed = await run('npm', ['pack', '--silent', '--pack-destination', work], { cwd: source });
  const tarball = join(work, printed.trim().split('\n').at(-1) ?? '');
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'hookwave'), { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', join(modules, 'hookwave'), '--strip-components=1']);
  for (const name of [...OWN, ...BROUGHT]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  return {
    folder,
    tarball,
    node: (...args) => run(process.execPath, [...args], { cwd: folder }),
    tsc: (...args) => run('sh', ['-c', '"$0" "$@" || true', join(ROOT, 'node_modules/.bin/tsc'), ...args], { cwd: folder }),
    write: (file, text) => writeFileSync(join(folder, file), text),
    remove: () => rmSync(work, { recursive: true, force: true }),
  };
}
