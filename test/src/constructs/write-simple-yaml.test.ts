import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Document, parseAllDocuments } from 'yaml';
import { writeSimpleYaml } from '../../../src/constructs/write-simple-yaml.ts';
import { yamlText } from '../../../src/constructs/yaml-text.ts';

const byLibrary = (value: object): string => yamlText(new Document(value, { version: '1.1', aliasDuplicateObjects: false }));

const WORDS = ['y', 'Yes', 'tRUE', 'Null', '~', '<<', 'e5', '1e3', '.5', '5.', '.inf', '.nan', '0x1f', '0b1', '0o7', '0400', '08', '1_000', '+1', '-', '- a', '?', '? a', '---', '--- a', '...', '1:30', '\n', 'a\n\nb', 'a \n', '12:30:45', '2026-11-21', '2026-11-21T10:00:00Z', '10.0.0.0/8', '12345678', '1234e567', '0a1b2c3d', '10m', '256Mi', '*', 'a: b', 'a #b', 'a#b', 'a:', ' a', 'a ', '"', "'", `"'`, '\\', '@a', '%a', '{a}', '[a]', 'v3.32.1', 'é', '\u{1f6a2}', '\u2028', '\ufeff', '\t', '\r', '\x7f', '\x01'];
const PARTS = ['a', 'b: c', '\n', '\n\n', ' ', '  x', '#', '-', ':', '"', "'", '---', '\t', '{', 'é', '\u0085'];

test.each(WORDS)('%j is written as the library writes it, or left to it', (word) => {
  for (const value of [{ a: word }, { a: [word] }, { a: { b: [[word], { c: word }] } }, { [word]: 1 }, { a: `${word}\n` }, { a: `x\n${word}` }, { a: `x\n${word}\n` }]) {
    expect([byLibrary(value), undefined]).toContain(writeSimpleYaml(value));
  }
});

test('whatever is written equals what the library writes', () => {
  const text = fc.oneof(fc.constantFrom(...WORDS), fc.string(), fc.array(fc.constantFrom(...PARTS), { maxLength: 6 }).map((parts) => parts.join('')));
  const key = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('a', 'b', 'spec', 'hookwave.dev/plan', 'x-y', 'e5', 'on') }, text);
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, text, fc.integer(), fc.double(), fc.boolean(), fc.constantFrom(null, undefined), fc.array(tie('tree'), { maxLength: 4 }), fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true })),
  }));
  let written = 0;
  fc.assert(
    fc.property(fc.dictionary(key, tree, { maxKeys: 4, noNullPrototype: true }), (value) => {
      const simple = writeSimpleYaml(value);
      if (simple === undefined) return;
      written++;
      expect(simple).toBe(byLibrary(value));
    }),
    { numRuns: 2000 },
  );
  expect(written).toBeGreaterThan(200);
});

describe('the examples', () => {
  const synth = join(import.meta.dirname, '../../../synth');
  const objects = readdirSync(synth, { recursive: true, encoding: 'utf8' })
    .filter((file) => /argo.*\.yaml$/.test(file) && !file.includes('3-upgrade'))
    .flatMap((file) => parseAllDocuments(readFileSync(join(synth, file), 'utf8'), { version: '1.1' }).map((document) => document.toJS() as object));

  test('nothing generated there needs the library', () => {
    expect(objects.length).toBeGreaterThan(50);
    expect(objects.filter((object) => writeSimpleYaml(object) === undefined)).toEqual([]);
  });

  test('it is written as the library writes it', () => {
    for (const object of objects) expect(writeSimpleYaml(object)).toBe(byLibrary(object));
  });
});
