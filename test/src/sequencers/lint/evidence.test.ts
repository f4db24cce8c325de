import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { evidence, type Engine } from '../../../../src/sequencers/lint/evidence.ts';
import { rules } from '../../../../src/sequencers/lint/rules/index.ts';

const folder = join(import.meta.dirname, '../../../e2e/lint');
const FILES: Readonly<Record<Engine, RegExp>> = { argo: /^argo-.*\.ts$/, helm: /^helm-.*\.ts$/, kubernetes: /^kubernetes\.ts$/ };

/** Codes at the head of the titles of tests: `a, b: what is shown`. */
function shownIn(engine: Engine): readonly string[] {
  const texts = readdirSync(folder).filter((name) => FILES[engine].test(name)).map((name) => readFileSync(join(folder, name), 'utf8'));
  const heads = texts.flatMap((text) => [...text.matchAll(/\bit\(\s*['"`]([a-z-]+(?:, [a-z-]+)*): /g)].flatMap(([, head = '']) => head.split(', ')));
  return [...new Set(heads)].sort();
}

test('every rule says where its claim is shown in the real engine, or why not', () => {
  expect(Object.keys(evidence).sort()).toEqual(rules.map(({ code }) => code).sort());
  for (const [code, { shown, notShown }] of Object.entries(evidence)) expect({ code, said: shown.length > 0 || (notShown?.length ?? 0) > 40 }).toEqual({ code, said: true });
});

test.each(Object.keys(FILES) as Engine[])('what is said to be shown in %s is what its tests are named after', (engine) => {
  const said = Object.entries(evidence).flatMap(([code, { shown }]) => (shown.includes(engine) ? [code] : []));
  expect(shownIn(engine)).toEqual(said.sort());
});
