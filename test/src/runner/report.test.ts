import fc from 'fast-check';
import { expect, test } from 'vitest';
import { podIdentity } from '../../../src/runner/context.ts';
import { jsonReporter } from '../../../src/runner/reporter.ts';
import { lastWords } from '../../../src/runner/termination.ts';
import { manualClock } from '../../fake-context.ts';

test('an event is one JSON line, its fixed fields first and never replaced', () => {
  const lines: string[] = [];
  jsonReporter('look', manualClock(), (line) => lines.push(line)).event('node-labelled', 'two\nlines', { node: 'n1', time: 'wrong', level: 'warn' });
  expect(lines).toEqual(['{"time":"2026-01-01T00:00:00.000Z","level":"warn","event":"node-labelled","step":"look","message":"two\\nlines","node":"n1"}\n']);
});

test('the level is info unless given', () => {
  const lines: string[] = [];
  jsonReporter('look', manualClock(), (line) => lines.push(line)).event('e', 'm');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info' });
});

test('last words fit into 4096 bytes and are a whole beginning of the text', () => {
  const long = fc.array(fc.constantFrom('a', 'ä', '中', '😀'), { minLength: 0, maxLength: 6000, size: 'max' }).map((parts) => parts.join(''));
  fc.assert(fc.property(long, (text) => {
    const words = lastWords(text);
    expect(Buffer.byteLength(words)).toBeLessThanOrEqual(4096);
    expect(text.startsWith(words.replace(/\.\.\.$/, ''))).toBe(true);
  }), { numRuns: 50 });
  expect(lastWords('ä'.repeat(3000))).toBe(`${'ä'.repeat(2046)}...`);
  expect(lastWords('short')).toBe('short');
});

test('a Pod knows itself only when the downward API is whole', () => {
  expect(podIdentity({ POD_NAME: 'p', POD_NAMESPACE: 'n', POD_UID: 'u', JOB_NAME: 'j' })).toEqual({ name: 'p', namespace: 'n', uid: 'u', job: 'j' });
  expect(podIdentity({ POD_NAME: 'p', POD_NAMESPACE: 'n', POD_UID: 'u' })).toEqual({ name: 'p', namespace: 'n', uid: 'u' });
  expect(podIdentity({ POD_NAME: 'p' })).toBeUndefined();
});
