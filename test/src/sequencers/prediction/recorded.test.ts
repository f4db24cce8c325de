import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Recording } from '../../../prediction/compare.ts';
import { engines } from '../../../prediction/engines.ts';
import type { RandomSet } from '../../../prediction/random-set.ts';

type Recorded = { readonly set: RandomSet } & Readonly<Record<(typeof engines)[number]['name'], Recording>>;

/** The sets of test/prediction/order.test.ts with which the engines had most to do, with what each did. */
const recorded = JSON.parse(readFileSync(join(import.meta.dirname, '../../../prediction/recorded.json'), 'utf8')) as readonly Recorded[];

describe.each([...engines])('sets recorded from $name', ({ name, judge }) => {
  test('every order is predicted', () => {
    expect(recorded.flatMap((one) => judge(one.set, one[name]) ?? []).slice(0, 3)).toEqual([]);
  });

  test('a recording in which two writes have changed places is told apart', () => {
    const swapped = recorded.map((one) => ({ ...one, [name]: withSwap(one[name]) })).filter((one, index) => one[name].batches !== recorded[index]?.[name].batches);
    expect(swapped.length).toBeGreaterThan(20);
    expect(swapped.filter((one) => judge(one.set, one[name]) === undefined)).toEqual([]);
  });
});

/** The first two neighbours that write different objects, exchanged; the same batches where there are none. */
function withSwap(recording: Recording): Recording {
  const { batches } = recording;
  const at = batches.findIndex((batch, index) => batch.do !== 'wait' && batches[index + 1]?.do === batch.do && JSON.stringify(batches[index + 1]?.objects) !== JSON.stringify(batch.objects));
  const [first, second] = [batches[at], batches[at + 1]];
  if (!first || !second) return recording;
  return { ...recording, batches: batches.map((batch, index) => (index === at ? { ...batch, objects: second.objects } : index === at + 1 ? { ...batch, objects: first.objects } : batch)) };
}
