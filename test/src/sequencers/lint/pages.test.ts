import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { lintPages } from '../../../../src/sequencers/lint/pages.ts';

const root = join(import.meta.dirname, '../../../..');
const pages = lintPages();

if (process.env['UPDATE_DOCS']) {
  rmSync(join(root, 'docs/reference/lint'), { recursive: true, force: true });
  for (const { path, text } of pages) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const AGAIN = 'the lint reference is not what the rules say; write it anew: UPDATE_DOCS=1 npx vitest run --config test/vitest.config.ts test/src/sequencers/lint/pages.test.ts';

test.each(pages.map(({ path, text }) => [path, text]))('%s is what the rules say', (path, text) => {
  expect(readFileSync(join(root, path), 'utf8'), AGAIN).toBe(text);
});

test('no page is left of a rule that is gone', () => {
  const committed = readdirSync(join(root, 'docs/reference/lint')).map((name) => `docs/reference/lint/${name}`);
  expect(committed.filter((path) => !pages.some((page) => page.path === path)), AGAIN).toEqual([]);
});

test('pages are short enough to read', () => {
  expect(Math.max(...pages.map(({ text }) => text.length))).toBeLessThan(12_000);
});
