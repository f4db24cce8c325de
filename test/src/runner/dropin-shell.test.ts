import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../../deploy/dropin');
const SHELL = join(FOLDER, 'bin/sh');

test('the shell of the drop-in image refuses whatever is not one of three names, with exit code 64 and a sentence', () => {
  const refused = [[], ['-c'], ['-c', ''], ['-c', '/node-init-container.sh', 'more'], ['-c', '/node-init-container.sh;id'], ['-ec', '/node-init-container.sh'], ['-c', '/bin/controller-init.sh'], ['-c', '__proto__'], ['-i']];
  for (const args of refused) {
    const { status, stderr, stdout } = spawnSync(process.execPath, [SHELL, ...args], { encoding: 'utf8' });
    expect({ args, status, stdout }).toEqual({ args, status: 64, stdout: '' });
    expect(stderr).toMatch(/^sh: this image has no shell and refuses "[^\n]*"; it runs \/node-init-container\.sh, \/controller-init\.sh, \/completion-job\.sh, each alone[^\n]*\n$/);
  }
});

test('the shell and the scripts are programs: the kernel finds their interpreter in their first line', () => {
  const scripts = readdirSync(FOLDER).filter((name) => name.endsWith('.sh'));
  expect(scripts.sort()).toEqual(['completion-job.sh', 'controller-init.sh', 'node-init-container.sh']);
  for (const file of [SHELL, ...scripts.map((name) => join(FOLDER, name))]) expect(statSync(file).mode & 0o111, file).toBe(0o111);
  expect(readFileSync(SHELL, 'utf8')).toMatch(/^#!\/usr\/bin\/node\n/);
  for (const name of scripts) expect(readFileSync(join(FOLDER, name), 'utf8')).toMatch(/^#!\/bin\/sh\n/);
});
