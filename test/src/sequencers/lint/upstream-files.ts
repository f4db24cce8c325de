import { readdirSync } from 'node:fs';
import { upstream, UPSTREAM_FOLDER } from '../../../upstream.ts';

/** Every manifest of upstream that is there, by its path. */
export function upstreamFiles(): readonly { readonly file: string; readonly text: string }[] {
  return readdirSync(UPSTREAM_FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .map((file) => ({ file, text: upstream(file) }));
}
