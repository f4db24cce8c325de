import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The walks in the documentation, command by command, up to where a cluster is needed. */
const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'hookwave-walk-'));
const stored = join(root, 'examples/calico-manifest/vendor/calico.yaml');

beforeAll(() => {
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/hookwave'), `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'dist/hookwave.js')}' "$@"\n`);
  chmodSync(join(folder, 'bin/hookwave'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a reader would do at home is left out: the installation, the push, what asks a cluster. The download becomes a stored file. */
const ELSEWHERE = /^(npm|docker|kubectl)\b|^hookwave (status|approve)\b/;

test.each(['README.md', 'docs/tutorial/first-upgrade.md'])('the walk of %s ends in linted manifests under Git', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const spec = /^```yaml\n(apiVersion: hookwave[^]*?)^```/m.exec(text)?.[1] ?? '';
  const commands = [...text.matchAll(/^```sh\n([^]*?)^```/gm)]
    .flatMap(([, block = '']) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').replace(/ && git push$/, '').replace(/^(hookwave vendor) https:\S+/, `$1 ${stored} --as vendor/calico.yaml`))
    .filter((line) => line !== '' && !ELSEWHERE.test(line));
  const script = commands.flatMap((line) => (line.startsWith('hookwave init') ? [line, `cat > hookwave.yaml <<'SPEC'\n${spec}SPEC`] : [line]));
  const home = mkdtempSync(join(folder, 'home-'));
  const identity = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.com' };

  execFileSync('bash', ['-euc', script.join('\n')], { cwd: home, env: { ...process.env, ...identity, HOME: home, PATH: `${join(folder, 'bin')}:${process.env['PATH']}` }, stdio: 'pipe' });

  expect(commands.filter((line) => line.startsWith('hookwave ')).length).toBeGreaterThanOrEqual(4);
  expect(existsSync(join(home, 'upgrades/deploy/calico/3-upgrade-calico.yaml'))).toBe(true);
  expect(execFileSync('git', ['-C', join(home, 'upgrades'), 'ls-files', 'deploy'], { encoding: 'utf8' }).split('\n')).toHaveLength(8);
});
