import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { part } from '../cluster/paths.ts';
import type { Recording } from './compare.ts';
import { edgeSets } from './edge-sets.ts';
import { engines, record } from './engines.ts';
import { randomSet, type RandomSet } from './random-set.ts';

const RECORDED = 40;
const seed = Number(process.env['PREDICTION_SEED'] ?? 5);
const sets: readonly RandomSet[] = fc.sample(randomSet, { numRuns: 500, seed });
let recordings: readonly (readonly Recording[])[];

beforeAll(async () => {
  recordings = await Promise.all(engines.map((engine) => record(part(engine.name), engine, sets)));
  if (process.env['UPDATE_RECORDED']) writeFileSync(join(import.meta.dirname, 'recorded.json'), recorded());
}, 180_000);

/** The sets with which the engines had most to do, and what each did: for the tests that have no Go. */
function recorded(): string {
  const all = sets.map((set, index) => ({ set, ...Object.fromEntries(engines.map(({ name }, engine) => [name, recordings[engine]?.[index]])) }));
  const busy = (index: number): number => recordings.reduce((sum, own) => sum + (own[index]?.batches.length ?? 0), 0);
  const chosen = all.map((one, index) => ({ one, writes: busy(index) })).sort((a, b) => b.writes - a.writes).slice(0, RECORDED);
  return `[\n${chosen.map(({ one }) => JSON.stringify(one)).join(',\n')}\n]\n`;
}

describe.each(engines.map((engine, index) => ({ ...engine, index })))('500 random sets, $name', ({ judge, index }) => {
  test('the engine did what was predicted', () => {
    const differences = sets.flatMap((set, at) => {
      const found = judge(set, recordings[index]?.[at] ?? { outcome: 'missing', batches: [] });
      return found === undefined ? [] : [`set ${at}: ${found}\n${JSON.stringify(set)}\n${JSON.stringify(recordings[index]?.[at])}`];
    });
    expect(differences.slice(0, 3)).toEqual([]);
  });

  test('the sets are worth it: later runs, failures, parallel groups, deletions', () => {
    const own = recordings[index] ?? [];
    const batches = own.flatMap((one) => one.batches);
    expect(own.filter(({ outcome }) => outcome === 'Failed').length).toBeGreaterThan(15);
    expect(batches.filter((batch) => batch.do === 'apply' && batch.objects.length > 1).length).toBeGreaterThan(40);
    expect(batches.filter((batch) => batch.do === 'delete').length).toBeGreaterThan(150);
    expect(batches.length).toBeGreaterThan(1500);
  });
});

describe('edge cases under Argo CD', () => {
  const [argo] = engines;
  let edges: readonly Recording[];

  beforeAll(async () => {
    if (argo) edges = await record(part(argo.name), argo, Object.values(edgeSets));
  }, 60_000);

  test.each(Object.keys(edgeSets).map((name, index) => ({ name, index })))('$name', ({ name, index }) => {
    const [set, done] = [edgeSets[name], edges[index]];
    expect(set && done && (argo?.judge(set, done) ?? 'as predicted')).toBe('as predicted');
  });
});
