import { writeFile } from 'node:fs/promises';
import { kinds } from '../../charts/index.ts';
import { CommandFailed, type Io } from './io.ts';

/** Writes a commented spec to begin with. @throws CommandFailed for an unknown kind, or when the file exists. */
export async function init({ kind, file }: { readonly kind: string; readonly file: string }, io: Io): Promise<void> {
  const found = kinds.find((known) => known.kind.toLowerCase() === kind.toLowerCase());
  if (!found) throw new CommandFailed(`${kind} is not a kind that hookwave knows; use one of ${kinds.map((known) => known.kind).join(', ')}`);
  try {
    await writeFile(file, found.template, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new CommandFailed(`${file} exists already; name another file with -f FILE`);
  }
  io.err(`${file}: fill in what stands in <ANGLE BRACKETS>, store the vendor's manifest with \`hookwave vendor URL\`, then run \`hookwave plan\`\n`);
}
