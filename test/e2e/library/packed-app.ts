import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { run } from '../../cluster/run.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** A cdk8s app somewhere else that uses the packed library. */
export interface PackedApp {
  /** Holds package.json and the sources. */
  readonly folder: string;
  readonly tarball: string;
  /** Runs node in the folder; resolves with what it prints. */
  node(...args: readonly string[]): Promise<string>;
  /** The compiler that was installed there; resolves with the errors that it prints. */
  tsc(...args: readonly string[]): Promise<string>;
  write(file: string, text: string): void;
  remove(): void;
}

/** What is made or installed there anew. */
const NOT_PACKED = new Set(['node_modules', 'dist', '.git', '.test']);

/** Packs the library and installs it with npm in a copy of examples/library, as the example's README says. */
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
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  write('package.json', JSON.stringify(withTarball(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package, tarball)));
  await npmInstall(folder);
  return {
    folder,
    tarball,
    node: (...args) => run(process.execPath, [...args], { cwd: folder }),
    tsc: (...args) => run('sh', ['-c', 'node_modules/.bin/tsc "$@" || true', 'tsc', ...args], { cwd: folder }),
    write,
    remove: () => rmSync(work, { recursive: true, force: true }),
  };
}

export function npmInstall(folder: string): Promise<string> {
  return run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder });
}

interface Package {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The library from its tarball, and everything else in the releases that are installed here: npm has them in its cache. */
function withTarball({ dependencies, devDependencies, ...rest }: Package, tarball: string): Package {
  const installed = (names: Readonly<Record<string, string>>) => Object.fromEntries(Object.keys(names).filter((name) => name !== 'hookwave').map((name) => [name, releaseOf(name)]));
  return { ...rest, dependencies: { ...installed(dependencies), hookwave: `file:${tarball}` }, devDependencies: installed(devDependencies) };
}

function releaseOf(name: string): string {
  return (JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { readonly version: string }).version;
}
