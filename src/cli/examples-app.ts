/** The cdk8s app of this repository: synthesizes every example with a spec file into `synth/<example>/<sequencer>/<spec>/`. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SEQUENCER_NAMES } from '../sequencers/names.ts';
import { formatProblems, InvalidInput } from '../spec/problem.ts';
import { synth } from './synth.ts';

const output = process.env['CDK8S_OUTDIR'] ?? 'synth';
const io = { out: (text: string) => void process.stdout.write(text), err: (text: string) => void process.stderr.write(text), interactive: false };

try {
  for (const example of (await readdir('examples', { withFileTypes: true })).filter(({ name }) => existsSync(join('examples', name, 'hookwave.yaml')))) {
    for (const sequencer of SEQUENCER_NAMES) {
      await synth({ file: join('examples', example.name, 'hookwave.yaml'), output: join(output, example.name, sequencer), sequencer }, io);
    }
  }
} catch (error) {
  io.err(`${error instanceof InvalidInput ? formatProblems(error.problems) : String(error)}\n`);
  process.exitCode = 1;
}
