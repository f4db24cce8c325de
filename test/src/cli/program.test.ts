import { expect, test } from 'vitest';
import { EXAMPLES } from '../../../src/cli/examples.ts';
import { program } from '../../../src/cli/program.ts';

const written: string[] = [];
const io = { out: (text: string) => void written.push(text), err: (text: string) => void written.push(text), interactive: false };
const commands = program(io, { code: 0 }).commands.map((command) => command.name());

test('every command has examples, and there are no others', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual([...commands].sort());
});

test.each(commands)('%s --help ends with its examples', async (name) => {
  written.length = 0;
  await program(io, { code: 0 }).parseAsync([name, '--help'], { from: 'user' }).catch(() => undefined);
  expect(written.join('')).toContain(`\nExamples:\n  # ${EXAMPLES[name]?.[0]?.[1]}\n`);
});
