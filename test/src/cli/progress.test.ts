import { describe, expect, test } from 'vitest';
import { startProgress } from '../../../src/cli/progress.ts';

function recorded() {
  const out: string[] = [];
  const err: string[] = [];
  return { out, err, io: { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text), interactive: false } };
}

describe('progress where no terminal is', () => {
  test('short work says nothing', async () => {
    const { err, io } = recorded();
    const progress = await startProgress({ title: 'synth', total: 10, unit: 'specs' }, io, () => 0);
    for (let done = 1; done <= 10; done++) progress.update(done);
    progress.end();
    expect(err).toEqual([]);
  });

  test('long work says a plain line every five seconds, and nothing on the standard output', async () => {
    const { out, err, io } = recorded();
    let time = 0;
    const progress = await startProgress({ title: 'synth', total: 10, unit: 'specs' }, io, () => time);
    for (let done = 1; done <= 10; done++) {
      time += 1500;
      progress.update(done);
    }
    progress.end();
    expect(err).toEqual(['synth: 4 of 10 specs\n', 'synth: 8 of 10 specs\n']);
    expect(out).toEqual([]);
  });

  test('work without a unit is counted in percent', async () => {
    const { err, io } = recorded();
    let time = 0;
    const progress = await startProgress({ title: 'lint', total: 3 }, io, () => time);
    time = 6000;
    progress.update(2);
    expect(err).toEqual(['lint: 66 %\n']);
  });
});
