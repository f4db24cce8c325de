import { expect, test } from 'vitest';
import { EXAMPLES } from '../../../src/cli/examples.ts';
import { program } from '../../../src/cli/program.ts';

const written: string[] = [];
const io = { out: (text: string) => void written.push(text), err: (text: string) => void written.push(text), interactive: false };
const run = async (...args: string[]): Promise<string> => {
  written.length = 0;
  await program(io, { code: 0 }).parseAsync(args, { from: 'user' }).catch(() => undefined);
  return written.join('');
};
const commands = program(io, { code: 0 }).commands.map((command) => command.name());

test('every command has examples, and there are no others', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual([...commands].sort());
});

test.each(commands)('%s --help ends with its examples', async (name) => {
  expect(await run(name, '--help')).toContain(`\nExamples:\n  # ${EXAMPLES[name]?.[0]?.[1]}\n`);
});

test('wrong arguments lead to the help of their command', async () => {
  expect(await run('approve')).toBe("error: missing required argument 'name'\n(`hookwave help approve` shows how it is used)\n");
  expect(await run('plna')).toContain('(`hookwave help` lists the commands)\n');
});

test('--version says what `version` says', async () => {
  expect(await run('--version')).toBe(await run('version'));
  expect(written.join('')).toMatch(/^hookwave v\d/);
});
