import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { part } from '../cluster/paths.ts';
import type { Recording } from './compare.ts';
import { edgeSets, helmEdgeSets } from './edge-sets.ts';
import { engines, record } from './engines.ts';
import { randomSet, type RandomSet } from './random-set.ts';

const RECORDED = 40;
const JUDGED = 500;
/** More than are judged: a few have a release before that Helm 3 can't install. */
const DRAWN = 530;
const seed = Number(process.env['PREDICTION_SEED'] ?? 5);
const sets: readonly RandomSet[] = fc.sample(randomSet, { numRuns: DRAWN, seed });
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

/** A set, and what an engine did with it. */
interface Done {
  readonly at: number;
  readonly set: RandomSet;
  readonly recording: Recording;
}

describe.each(engines.map((engine, index) => ({ ...engine, index })))(`${JUDGED} random sets, $name`, ({ reached, judge, index }) => {
  let done: readonly Done[];
  beforeAll(() => {
    const all = sets.map((set, at): Done => ({ at, set, recording: recordings[index]?.[at] ?? { outcome: 'missing', batches: [] } }));
    done = all.filter(({ recording }) => reached(recording)).slice(0, JUDGED);
  });

  test('the engine did what was predicted, with every one', () => {
    const differences = done.flatMap(({ at, set, recording }) => {
      const found = judge(set, recording);
      return found === undefined ? [] : [`set ${at}: ${found}\n${JSON.stringify(set)}\n${JSON.stringify(recording)}`];
    });
    expect(differences.slice(0, 3)).toEqual([]);
    expect(done).toHaveLength(JUDGED);
  });

  test('the sets are worth it: later runs, failures, parallel groups, deletions', () => {
    const own = done.map(({ recording }) => recording);
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

describe.each(engines.slice(1).map((engine) => ({ ...engine, engine })))('edge cases under $name', ({ name: program, engine }) => {
  let edges: readonly Recording[];

  beforeAll(async () => {
    edges = await record(part(program), engine, Object.values(helmEdgeSets));
  }, 60_000);

  test.each(Object.keys(helmEdgeSets).map((name, index) => ({ name, index })))('$name', ({ name, index }) => {
    const [set, done] = [helmEdgeSets[name], edges[index]];
    expect(set && done && (engine.judge(set, done) ?? 'as predicted')).toBe('as predicted');
    expect(done?.outcome).toBe('Succeeded');
  });
});
