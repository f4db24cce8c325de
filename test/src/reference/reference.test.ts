import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { kinds } from '../../../charts/index.ts';
import { chartOf } from '../../../src/cli/synthesize.ts';
import { outline } from '../../../src/constructs/outline.ts';
import { GENERATED_ONLY, referencePages } from '../../../src/reference/pages.ts';
import { runFacts } from '../../../src/reference/sources.ts';
import { loadSpecs } from '../../../src/spec/load.ts';
import { STEPS } from '../../../src/steps/index.run.ts';
import { pins } from './pins.ts';

const root = join(import.meta.dirname, '../../..');

const steps = await Promise.all(Object.entries(STEPS).map(async ([name, load]) => ({ definition: (await load()).definition, facts: runFacts(root, name) })));
const examples = new Map(
  await Promise.all(
    readdirSync(join(root, 'examples')).filter((example) => existsSync(join(root, 'examples', example, 'hookwave.yaml'))).map(async (example) => {
      const loaded = await loadSpecs(join(root, 'examples', example, 'hookwave.yaml'), kinds);
      return [example, loaded.map((one) => outline(chartOf(one)))] as const;
    }),
  ),
);
const pages = referencePages({ steps, examples, pins, outlines: [...examples.values()].flat() });

/** `npm run docs` */
if (process.env['UPDATE_DOCS']) {
  for (const folder of GENERATED_ONLY) rmSync(join(root, folder), { recursive: true, force: true });
  for (const { path, text } of pages) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const AGAIN = 'this is not what the code says; write it anew with `npm run docs`';

test.each(pages.map(({ path, text }) => [path, text]))('%s is what the code says', (path, text) => {
  expect(readFileSync(join(root, path), 'utf8'), AGAIN).toBe(text);
});

test('no page is left of what is gone', () => {
  const known = new Set(pages.map(({ path }) => path));
  const committed = GENERATED_ONLY.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
  );
  expect(committed.filter((path) => !known.has(path)), AGAIN).toEqual([]);
});

const textOf = (path: string): string => pages.find((page) => page.path === path)?.text ?? '';

test('lint pages are short enough to read', () => {
  expect(Math.max(...pages.filter(({ path }) => path.startsWith('docs/reference/lint')).map(({ text }) => text.length))).toBeLessThan(12_000);
});

test('every field of a spec, every flag of a step, every option says what it means', () => {
  const rows = ['docs/reference/spec-calico-upgrade.md', 'docs/reference/spec-calico-datastore-migration.md', 'docs/reference/steps.md', 'docs/reference/cli.md'].flatMap((path) => textOf(path).split('\n').filter((line) => /^\| `(spec\.|-)/.test(line)));
  expect(rows.length).toBeGreaterThan(80);
  expect(rows.filter((row) => /\|\s+\|$/.test(row))).toEqual([]);
});

test('every step says what it may touch', () => {
  const page = textOf('docs/reference/steps.md');
  const sections = page.split('\n## ').slice(1);
  expect(sections).toHaveLength(Object.keys(STEPS).length);
  expect(sections.filter((section) => !/\nRights:\n\n- /.test(section))).toEqual([]);
});
