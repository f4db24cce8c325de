import { expect, test } from 'vitest';
import { EXAMPLES } from '../../../src/cli/examples.ts';
import { WrongArgument } from '../../../src/cli/io.ts';
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
  expect(await run('synth', '--fleet', 'clusters.yaml')).toBe('error: --fleet needs --sequencer helm: only a chart has values; for Argo CD, give each cluster a spec of its own\n(`hookwave help synth` shows how it is used)\n');
  expect(await run('plna')).toContain('(`hookwave help` lists the commands)\n');
});

test('help of a command that there is not says so, and names the one that is meant', async () => {
  expect(await run('help', 'nope')).toBe("error: unknown command 'nope'\n(`hookwave help` lists the commands)\n");
  expect(await run('help', 'plna')).toContain('(Did you mean plan?)');
  expect(await run('help', 'plan')).toBe(await run('plan', '--help'));
  expect(await run('help')).toBe(await run('--help'));
});

test('--output and -o are formats, and -o of synth is a folder: who takes one for the other is told', async () => {
  // `migrate` has the options of upstream's command.
  const formats = program(io, { code: 0 }).commands.filter((command) => command.name() !== 'migrate').flatMap(({ options }) => options.filter(({ long }) => long === '--output' || long === '--output-dir').map(({ short, long, hidden }) => `${short} ${long}${hidden ? ' refused' : ''}`));
  expect([...new Set(formats)].sort()).toEqual(['-o --output', '-o --output-dir', 'undefined --output refused']);
  expect(await run('synth', '-o', 'json')).toMatch(/synth writes files.*`hookwave cmp generate` prints/);
  expect(await run('synth', '--output', 'x')).toContain('The folder is -o DIR or --output-dir DIR');
  expect(await run('plan', '-o', 'deploy')).toContain('Allowed choices are text, json, mermaid, svg.');
});

test.each([['--order', 'argo'], ['--stream', '-'], ['--live', '-']])('--rights with %s is refused, not ignored', async (...other) => {
  expect(await run('plan', '--rights', ...other)).toContain("cannot be used with option '--rights'");
});

test('--rights with a picture is refused, not ignored', async () => {
  const attempt = program(io, { code: 0 }).parseAsync(['plan', '--rights', '--output', 'svg'], { from: 'user' });
  await expect(attempt).rejects.toThrow(WrongArgument);
  await expect(attempt).rejects.toThrow('a picture does not show rights');
});

test('--version says what `version` says', async () => {
  expect(await run('--version')).toBe(await run('version'));
  expect(written.join('')).toMatch(/^hookwave v\d/);
});
