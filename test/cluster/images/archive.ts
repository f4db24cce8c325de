import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { cacheFolder } from '../paths.ts';
import { run } from '../run.ts';

/** What lies at a path of the image: a file of this machine (with its mode), text, or a symbolic link. */
export type Entry = { readonly file: string } | { readonly text: string; readonly executable?: true } | { readonly link: string };

export interface ImageConfig {
  /** A full name with tag, such as `quay.io/calico/node:v3.32.1`. */
  readonly ref: string;
  readonly entrypoint: readonly string[];
  readonly cmd?: readonly string[];
  /** Numeric, so that `runAsNonRoot` can be checked. Default root. */
  readonly user?: string;
  readonly workingDir?: string;
  /** Beside PATH. */
  readonly env?: Readonly<Record<string, string>>;
}

/** An image in an archive that `ctr images import` reads. */
export interface Image {
  readonly ref: string;
  readonly archive: string;
}

/**
 * Writes one docker-archive with an image for each config, all over the same single layer. No image tool and no registry
 * is involved. Archives are kept in the cache by content: the same input costs nothing the second time.
 */
export async function writeArchive(entries: Readonly<Record<string, Entry>>, configs: readonly ImageConfig[]): Promise<string> {
  const folder = join(cacheFolder(), 'images');
  const archive = join(folder, `${digestOf(entries, configs)}.tar`);
  if (existsSync(archive)) return archive;
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'hookwave.image-'));
  try {
    await writeLayer(work, entries);
    writeConfigs(work, configs);
    await run('tar', ['-cf', join(work, 'archive'), '-C', join(work, 'image'), '.']);
    // Renamed into place: other test processes see a whole archive or none. A copy, as the cache may be another disk.
    const partial = `${archive}.${process.pid}`;
    cpSync(join(work, 'archive'), partial);
    renameSync(partial, archive);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return archive;
}

function digestOf(entries: Readonly<Record<string, Entry>>, configs: readonly ImageConfig[]): string {
  const hash = createHash('sha256').update(JSON.stringify([entries, configs]));
  for (const entry of Object.values(entries)) if ('file' in entry) hash.update(readFileSync(entry.file));
  return hash.digest('hex').slice(0, 20);
}

async function writeLayer(work: string, entries: Readonly<Record<string, Entry>>): Promise<void> {
  const root = join(work, 'root');
  // What images usually have: a scratch folder for anyone.
  mkdirSync(join(root, 'tmp'), { recursive: true });
  await run('chmod', ['1777', join(root, 'tmp')]);
  for (const [path, entry] of Object.entries(entries)) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    if ('file' in entry) cpSync(entry.file, target, { dereference: true });
    else if ('text' in entry) writeFileSync(target, entry.text, { mode: entry.executable ? 0o755 : 0o644 });
    else symlinkSync(entry.link, target);
  }
  mkdirSync(join(work, 'image'));
  await run('tar', ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '-cf', join(work, 'image/layer.tar'), '-C', root, '.']);
}

function writeConfigs(work: string, configs: readonly ImageConfig[]): void {
  const layer = createHash('sha256').update(readFileSync(join(work, 'image/layer.tar'))).digest('hex');
  const manifest = configs.map((config, index) => {
    writeFileSync(join(work, 'image', `config-${index}.json`), imageConfig(config, layer));
    return { Config: `config-${index}.json`, RepoTags: [config.ref], Layers: ['layer.tar'] };
  });
  writeFileSync(join(work, 'image/manifest.json'), JSON.stringify(manifest));
}

function imageConfig(config: ImageConfig, layer: string): string {
  return JSON.stringify({
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: {
      Entrypoint: config.entrypoint,
      Cmd: config.cmd ?? [],
      User: config.user ?? '',
      WorkingDir: config.workingDir ?? '/',
      Env: ['PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin', ...Object.entries(config.env ?? {}).map(([name, value]) => `${name}=${value}`)],
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layer}`] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: 'hookwave tests' }],
  });
}
