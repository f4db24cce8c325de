import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { NOT_SIMPLE, readSimpleYaml } from '../../../src/spec/simple-yaml.ts';
import { parseManifestDocument } from '../../../src/spec/manifest-text.ts';
import { hasUpstream } from '../../upstream.ts';
import { GENERATED_MIXES, generatedDocument } from '../sequencers/lint/generated-stream.ts';
import { upstreamFiles } from '../sequencers/lint/upstream-files.ts';

/** Reads a text both ways; the simple reader may decline, never differ. */
function both(text: string): { readonly simple: unknown; readonly full: unknown } {
  const simple = readSimpleYaml(text);
  const document = parseManifestDocument(text);
  return { simple, full: document.errors.length > 0 ? document.errors : document.toJS() };
}

describe('the simple reader reads what the parser reads', () => {
  test.each([
    'a: 1\nb: text\nc:\n- x\n- k: z\n  w: "q"\n',
    'a:\n  b:\n    - c\n    -\n      d: e\n  f:\n',
    'a: |\n  one\n\n    two\n  three\n\nb: |-\n  four\n# a comment\nc: {}\n',
    'a: first line\n  second line\n\n  third\nb: 10.0.0.0/8\n',
    "- a: 'quoted: text # no comment'\n- - 1\n  - -5\n- false\n",
    'a: ["x", w, "z,"] # why\nb: ""   # none\nc: null\nd: .spec.x\ne: 100%\nf: ^.*\n',
    'command: [/bin/calico-node, -felix-ready, --bird-ready, "-x", a/b]\n',
    'command:\n  - /bin/sh\n  - -c\n  - |\n    echo "$X" # kept\n',
  ])('%j', (text) => {
    const { simple, full } = both(text);
    expect(simple).toEqual(full);
  });

  const scalar = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'ab01-._/:#\'"|> ~{[&*!%@?,\t\n\\=<') }),
    fc.constantFrom('yes', 'Off', '0644', '1e3', '.5', '-', '1:30', '2020-01-01', '100m', '1.2.3', 'null', '~', '<<', '=', '1_000', '0x1F', '-0', '+1', 'NaN', '.inf'),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(fc.constantFrom('a', 'b-c', 'on', 'x.y/z', '1', '$ref', 'name'), tie('tree'), { maxKeys: 4 })),
  }));

  test('what the library writes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('kind', 'spec', 'data'), tree), (value) => {
        const { simple, full } = both(stringify(value, { version: '1.1', lineWidth: 40 }));
        if (simple !== NOT_SIMPLE) expect(simple).toEqual(full);
      }),
      { numRuns: 500 },
    );
  });

  test('lists in one line', () => {
    const item = fc.array(fc.constantFrom('a', '-', '--', '/', '.', 'on', '1', '"x, y"', "'z'", ' ', ':', '#', ',', '[', '{}', '*'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 4 }), fc.constantFrom(', ', ','), (items, comma) => {
        const text = `a: [${items.join(comma)}]\n`;
        const simple = readSimpleYaml(text);
        if (simple !== NOT_SIMPLE) expect(simple).toEqual(both(text).full);
      }),
      { numRuns: 3000 },
    );
  });

  test('any text made of the characters that mean something', () => {
    const piece = fc.constantFrom('a', 'b: ', 'c:', '- ', '-', '  ', '\n', '\n  ', '\n    ', '|', '|-', '"', "'", '#', ' # ', 'x y', '1', ':', '\t', 'true', '{}', '...', '%', '---', '\n\n');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const text = `${pieces.join('')}\n`;
        const simple = readSimpleYaml(text);
        if (simple !== NOT_SIMPLE) expect(simple).toEqual(both(text).full);
      }),
      { numRuns: 5000 },
    );
  });
});

test.each(GENERATED_MIXES)('what generators write is read without the full parser, which makes lint fast: %s', (mix) => {
  for (let index = 0; index < 200; index++) {
    const { simple, full } = both(generatedDocument(index, mix));
    expect(simple).toEqual(full);
  }
});

test.runIf(hasUpstream)("upstream's manifests: never different, and declined seldom", { timeout: 120_000 }, () => {
  const documents = upstreamFiles().flatMap(({ text }) => text.split(/^---.*$/m));
  const declined = documents.filter((text) => {
    const { simple, full } = both(`${text}\n`);
    if (simple === NOT_SIMPLE) return true;
    expect(simple).toEqual(full);
    return false;
  });
  expect(documents.length).toBeGreaterThan(1000);
  expect(declined.length / documents.length).toBeLessThan(0.35);
});
