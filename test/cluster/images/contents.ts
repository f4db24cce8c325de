import { run } from '../run.ts';

/** What an archive of an image says it runs, and the paths of its files. */
export interface Contents {
  readonly files: readonly string[];
  readonly config: { readonly User?: string; readonly Entrypoint?: readonly string[]; readonly Env: readonly string[]; readonly WorkingDir?: string };
}

/** Reads a docker-archive. */
export async function contentsOf(archive: string): Promise<Contents> {
  const read = (path: string): Promise<string> => run('tar', ['-xOf', archive, path]);
  const [manifest] = JSON.parse(await read('manifest.json')) as [{ readonly Config: string; readonly Layers: readonly string[] }];
  const { config } = JSON.parse(await read(manifest.Config)) as { readonly config: Contents['config'] };
  const files = new Set<string>();
  for (const layer of manifest.Layers) {
    const list = await run('sh', ['-c', 'tar -xOf "$1" "$2" | tar -tf -', 'sh', archive, layer]);
    for (const path of list.split('\n').filter((line) => line !== '' && !line.endsWith('/'))) files.add(`/${path.replace(/^\.?\//, '')}`);
  }
  return { files: [...files].sort(), config };
}
