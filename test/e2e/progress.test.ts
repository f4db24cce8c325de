import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'hookwave-progress-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('synth of many specs draws a bar on a terminal and leaves nothing of it', () => {
  const example = join(root, 'examples/calico-manifest');
  cpSync(example, folder, { recursive: true });
  const spec = readFileSync(join(example, 'hookwave.yaml'), 'utf8');
  writeFileSync(join(folder, 'hookwave.yaml'), Array.from({ length: 25 }, (_none, index) => spec.replace('name: calico', `name: calico-${index}`)).join('---\n'));

  // `script` gives the command a terminal.
  const screen = execFileSync('script', ['-qec', `'${process.execPath}' '${join(root, 'dist/hookwave.js')}' synth -o out`, '/dev/null'], { cwd: folder, encoding: 'utf8' });

  expect(screen).toMatch(/synth .* of 25 specs/);
  expect(screen.slice(screen.lastIndexOf('of 25 specs'))).toContain('out/calico-24: 7 files');
});
