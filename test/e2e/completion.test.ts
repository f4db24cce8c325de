import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const bundle = join(import.meta.dirname, '../../dist/hookwave.js');
const folder = mkdtempSync(join(tmpdir(), 'hookwave-completion-'));
for (const shell of ['zsh', 'fish']) writeFileSync(join(folder, `hookwave.${shell}`), execFileSync(process.execPath, [bundle, 'completion', shell]));
writeFileSync(join(folder, 'spec.yaml'), '');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('fish completes', () => {
  const offered = (line: string): readonly string[] =>
    execFileSync('fish', ['--no-config', '-c', `source hookwave.fish; complete -C ${JSON.stringify(line)}`], { cwd: folder, encoding: 'utf8' })
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => text.split('\t')[0] ?? '');

  test.each([
    ['hookwave pl', ['plan']],
    ['hookwave plan --outp', ['--output']],
    ['hookwave plan --output s', ['svg']],
    ['hookwave plan -f sp', ['spec.yaml']],
    ['hookwave init ', ['CalicoDatastoreMigration', 'CalicoUpgrade']],
    ['hookwave plan sp', []],
  ])('%s', (line, expected) => {
    expect(offered(line)).toEqual(expected);
  });
});

describe('zsh completes', () => {
  /** Types a line into an interactive zsh on a pseudo-terminal; `hookwave` prints what it gets. */
  const typed = (line: string): string => {
    const script = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1=; autoload -Uz compinit; compinit -D -u; hookwave() { print -r -- "got<$*>" }; source ./hookwave.zsh; print rea""dy'
zpty -r -m shell output '*ready*'
zpty -w shell "$1"
zpty -r -m shell output '*got<*>*'
print -r -- "$output"
zpty -d shell`;
    return /got<(.*)>/.exec(execFileSync('zsh', ['-f', '-c', script, 'zsh', line], { cwd: folder, encoding: 'utf8', timeout: 30_000 }))?.[1] ?? '';
  };

  test.each([
    ['hookwave pl\t', 'plan'],
    ['hookwave plan --outp\ts\t', 'plan --output=svg'],
    ['hookwave plan -f sp\t', 'plan -f spec.yaml'],
    ['hookwave init CalicoU\t', 'init CalicoUpgrade'],
    ['hookwave lint --ignore hook-job-susp\tspec\t', 'lint --ignore hook-job-suspended spec.yaml'],
  ])('%j', (line, expected) => {
    expect(typed(line).trim()).toBe(expected);
  });
});
