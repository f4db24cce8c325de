import { expect, test } from 'vitest';
import { lookAhead } from '../../../../src/migrate/engine/look-ahead.ts';

test('results come in the order of the items, with no more works under way than wanted', async () => {
  let running = 0;
  let most = 0;
  const work = async (item: number): Promise<number> => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < 20 - item; turn++) await Promise.resolve();
    running--;
    return item * 10;
  };
  const results: number[] = [];
  for await (const result of lookAhead([1, 2, 3, 4, 5, 6, 7], 3, work)) results.push(result);

  expect(results).toEqual([10, 20, 30, 40, 50, 60, 70]);
  expect(most).toBe(3);
});

test('an error comes in its turn, after the results before it', async () => {
  const results: number[] = [];
  const all = async (): Promise<void> => {
    const work = async (item: number): Promise<number> => (item === 2 ? Promise.reject(new Error('lost')) : item);
    for await (const result of lookAhead([1, 2, 3], 2, work)) results.push(result);
  };
  await expect(all()).rejects.toThrow('lost');
  expect(results).toEqual([1]);
});
