import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from '../run.ts';

/** What an archive of an image says it runs, and the paths of its files. */
export interface Contents {
  readonly files: readonly string[];
  readonly config: { readonly User?: string; readonly Entrypoint?: readonly string[]; readonly Env: readonly string[]; readonly WorkingDir?: string };
}

/** Reads a docker-archive. */
export async function contentsOf(archive: string): Promise<Contents> {
  const folder = mkdtempSync(join(tmpdir(), 'hookwave.contents-'));
  try {
    await run('tar', ['-xf', archive, '-C', folder]);
    const json = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), 'utf8'));
    const [manifest] = json('manifest.json') as [{ readonly Config: string; readonly Layers: readonly string[] }];
    const lists = await Promise.all(manifest.Layers.map((layer) => run('tar', ['-tf', join(folder, layer)])));
    const paths = lists.flatMap((list) => list.split('\n')).filter((path) => path !== '' && !path.endsWith('/'));
    const { config } = json(manifest.Config) as Pick<Contents, 'config'>;
    return { files: [...new Set(paths.map((path) => `/${path.replace(/^\.?\//, '')}`))].sort(), config };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
