import { expect, test } from 'vitest';
import { lineProgress } from '../../../../src/migrate/commands/line-progress.ts';

test('long work says a line every five seconds, with the total where it is known', () => {
  const lines: string[] = [];
  let time = 0;
  const { progress } = lineProgress((text) => void lines.push(text), () => time);
  for (let thousand = 1; thousand <= 8; thousand++) {
    time += 1500;
    progress({ message: thousand < 5 ? 'Converting' : 'Storing', done: thousand * 1000, ...(thousand >= 5 && { total: 9000 }) });
  }
  expect(lines).toEqual(['Converting: 4000 objects\n', 'Storing: 8000 of 9000 objects\n']);
});
