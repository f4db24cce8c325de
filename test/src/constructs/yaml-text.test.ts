import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Document, parse } from 'yaml';
import { yamlText } from '../../../src/constructs/yaml-text.ts';

const textOf = (value: object): string => yamlText(new Document(value, { version: '1.1' }));

test.each([
  ['a block that begins with a tab', '\tone\n\ttwo\n', 'text: "\\tone\\n\\ttwo\\n"\n'],
  ['line breaks of YAML 1.1', 'a\u2028b\u0085c', 'text: "a\\u2028b\\u0085c"\n'],
  ['a line of one blank in a long text that needs quotes', `\t${'x'.repeat(40)}\n \n`, `text: "\\t${'x'.repeat(40)}\\n\\ \\n"\n`],
  ['an ordinary block', 'one\n\ttwo\n', 'text: |\n  one\n  \ttwo\n'],
])('%s', (_what, text, expected) => {
  expect(textOf({ text })).toBe(expected);
});

test('what is written is read again, keys too', () => {
  const word = fc.array(fc.constantFrom('a', '\t', '\n', ' ', '\u2028', '\u0085', '\ufeff', '"', '\\', '\u{1f6a2}'), { maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.dictionary(word, word), (value) => {
      const text = textOf(value);
      expect(text).not.toMatch(/[\u0085\u2028\u2029\ufeff]/);
      expect(parse(text, { version: '1.1' })).toEqual(value);
    }),
    { numRuns: 500 },
  );
});
