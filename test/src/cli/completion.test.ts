import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { commandTree } from '../../../src/cli/command-tree.ts';
import { completion, withKnownValues } from '../../../src/cli/completion/completion.ts';
import { program } from '../../../src/cli/program.ts';

const io = { out: () => undefined, err: () => undefined, interactive: false };
const commands = commandTree(program(io, { code: 0 }));
const written: string[] = [];
completion('bash', commands, { ...io, out: (text) => void written.push(text) });

const folder = mkdtempSync(join(tmpdir(), 'hookwave-completion-'));
mkdirSync(join(folder, 'a folder'));
writeFileSync(join(folder, 'spec.yaml'), '');
writeFileSync(join(folder, 'completion.bash'), written.join(''));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What bash offers for words as readline splits them; the last one is being typed. */
function offered(...words: readonly string[]): readonly string[] {
  const script = `set -u; source ./completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); $(complete -p hookwave | sed -E 's/.*-F ([^ ]+).*/\\1/'); printf '%s\\n' "\${COMPREPLY[@]-}"`;
  const output = execFileSync('bash', ['--norc', '-c', script, 'bash', 'hookwave', ...words], { cwd: folder, encoding: 'utf8' });
  return output.split('\n').filter((line) => line !== '');
}

describe('bash completes', () => {
  test('commands', () => {
    expect(offered('')).toEqual([...commands.map(({ name }) => name), 'help']);
    expect(offered('app')).toEqual(['approve']);
    expect(offered('help', 'sy')).toEqual(['synth']);
  });

  test('the options of a command', () => {
    expect(offered('plan', '--r')).toEqual(['--rights']);
    expect(offered('version', '--r')).toEqual([]);
  });

  test('values of an option, apart or behind =', () => {
    expect(offered('plan', '--output', 's')).toEqual(['svg']);
    expect(offered('plan', '--output', '=', 's')).toEqual(['svg']);
    expect(offered('plan', '--output', '=')).toEqual(['text', 'json', 'mermaid', 'svg']);
    expect(offered('lint', '--ignore', 'hook-job-sus')).toEqual(['hook-job-suspended']);
  });

  test('kinds, files and folders where they belong', () => {
    expect(offered('init', '')).toEqual(['CalicoUpgrade', 'CalicoDatastoreMigration']);
    expect(offered('plan', '-f', 's')).toEqual(['spec.yaml']);
    expect(offered('synth', '-o', '')).toEqual(['a folder']);
    expect(offered('status', '-n', '')).toEqual([]);
  });
});

test('every placeholder with known values is filled', () => {
  const open = withKnownValues(commands).flatMap(({ arguments: own, options }) => [...own, ...options]).filter((one) => ['<kind>', '<code>'].includes('usage' in one ? one.usage : (one.value ?? '')));
  expect(open.map(({ completes }) => completes)).toEqual(['choices', 'choices']);
});
