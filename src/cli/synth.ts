import { join } from 'node:path';
import { kinds } from '../../charts/index.ts';
import type { SequencerName } from '../sequencers/names.ts';
import { loadSpecs } from '../spec/load.ts';
import type { Io } from './io.ts';
import { startProgress } from './progress.ts';
import { synthesize } from './synthesize.ts';
import { writeFolders } from './write-folders.ts';

export interface SynthOptions {
  /** Spec file. */
  readonly file: string;
  /** Folder that gets a folder for each spec. */
  readonly output: string;
  readonly sequencer: SequencerName;
}

/** Writes a folder of manifests for each spec of a file. @throws InvalidInput, with nothing written. */
export async function synth({ file, output, sequencer }: SynthOptions, io: Io): Promise<void> {
  const loaded = await loadSpecs(file, kinds);
  const progress = await startProgress({ title: 'synth', total: loaded.length, unit: 'specs' }, io);
  const folders = loaded.map((one, index) => {
    const folder = { path: join(output, one.upgrade.name), files: synthesize(one, sequencer) };
    progress.update(index + 1);
    return folder;
  });
  progress.end();
  await writeFolders(folders);
  for (const { path, files } of folders) io.err(`${path}: ${files.length} files\n`);
}
