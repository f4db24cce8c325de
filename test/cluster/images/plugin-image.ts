import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

import { projectFolder } from '../paths.ts';
import { type Entry, type Image, writeArchive } from './archive.ts';
import { librariesOf } from './runner-image.ts';

/** The image of the Argo CD plugin's sidecar without an image registry: same paths, user and entrypoint as deploy/argocd/Dockerfile; no shell. */
export async function pluginImage(ref: string): Promise<Image> {
  const node = realpathSync(process.execPath);
  const dist = join(projectFolder, 'dist');
  const entries: Record<string, Entry> = {
    '/usr/bin/node': { file: node },
    '/usr/local/bin/hookwave': { link: '/app/dist/hookwave.js' },
    '/app/package.json': { file: join(projectFolder, 'package.json') },
    '/home/argocd/cmp-server/config/plugin.yaml': { file: join(projectFolder, 'deploy/argocd/plugin.yaml') },
    '/app/dist/hookwave.js': { text: readFileSync(join(dist, 'hookwave.js'), 'utf8').replace(/^#!.*/, '#!/usr/bin/node'), executable: true },
  };
  for (const name of readdirSync(dist).filter((file) => file.endsWith('.js') && file !== 'hookwave.js')) entries[`/app/dist/${name}`] = { file: join(dist, name) };
  for (const library of await librariesOf(node)) entries[library] = { file: library };
  const archive = await writeArchive(entries, [
    { ref, entrypoint: ['/var/run/argocd/argocd-cmp-server'], user: '999', env: { HOME: '/tmp', NODE_OPTIONS: '--max-old-space-size=384' } },
  ]);
  return { ref, archive };
}
