import { expect, test } from 'vitest';
import { terminalProgress } from '../../../src/cli/migrate-progress.ts';
import type { Work } from '../../../src/cli/progress.ts';

test('on a terminal work of unknown size says lines, work of known size has a bar until its end, and a repeat has a new one', () => {
  const seen: string[] = [];
  const startBar = ({ title, total, unit }: Work) => {
    seen.push(`bar ${title} ${total} ${unit}`);
    return { update: (done: number) => void seen.push(`at ${done}`), end: () => void seen.push('end') };
  };
  const { progress, progressEnd } = terminalProgress(startBar, { progress: ({ message, done }) => void seen.push(`line ${message} ${done}`), progressEnd: () => undefined });

  progress({ message: 'Converting', done: 1000 });
  progressEnd();
  progress({ message: 'Storing', done: 1000, total: 3000 });
  progress({ message: 'Storing', done: 2000, total: 3000 });
  progressEnd();
  progressEnd();
  progress({ message: 'Storing', done: 1000, total: 3000 });

  expect(seen).toEqual(['line Converting 1000', 'bar Storing 3000 objects', 'at 1000', 'at 2000', 'end', 'bar Storing 3000 objects', 'at 1000']);
});
