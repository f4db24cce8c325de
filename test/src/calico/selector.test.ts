import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSelector, SelectorError, type Selector } from '../../../src/calico/selector.ts';
import { formatSelector } from '../../../src/calico/selector-format.ts';
import { matchesSelector } from '../../../src/calico/selector-match.ts';

const matches = (text: string, labels: Record<string, string>): boolean => matchesSelector(parseSelector(text), labels);

describe('matching', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['', {}, true],
    [' \t', {}, true],
    ['all()', {}, true],
    ['all(  )', {}, true],
    ['global()', { a: 'b' }, true],
    ['has(a)', { a: '' }, true],
    ['has( a )', {}, false],
    ['!has(a)', {}, true],
    ['has(toString)', {}, false],
    ['!!has(a)', { a: '1' }, true],
    ["a == 'b'", { a: 'b' }, true],
    ["a == 'b'", {}, false],
    ['a=="b"', { a: 'b' }, true],
    ["a != 'b'", { a: 'c' }, true],
    ["a != 'b'", {}, true],
    ["a != 'b'", { a: 'b' }, false],
    ["a in {'b', 'c'}", { a: 'c' }, true],
    ["a in {'b', 'c'}", {}, false],
    ["a in {'b',}", { a: 'b' }, true],
    ['a in {}', { a: 'b' }, false],
    ["a not in {'b', 'c'}", {}, true],
    ["a notin {'b'}", { a: 'b' }, false],
    ['a not in {}', { a: 'b' }, true],
    ["a contains 'ell'", { a: 'hello' }, true],
    ["a starts with 'he'", { a: 'hello' }, true],
    ["a startswith 'lo'", { a: 'hello' }, false],
    ["a ends with 'lo'", { a: 'hello' }, true],
    ["a ends with 'lo'", {}, false],
    ["projectcalico.org/created-by == 'x-y.z'", { 'projectcalico.org/created-by': 'x-y.z' }, true],
    ["in == 'in' && has == 'has'", { in: 'in', has: 'has' }, true],
    ["a == 'x' || b == 'y' && c == 'z'", { a: 'x' }, true],
    ["(a == 'x' || b == 'y') && c == 'z'", { a: 'x' }, false],
    ["!(a == 'x') && b == 'y'", { b: 'y' }, true],
    [`a == "it's"`, { a: "it's" }, true],
  ])('%s on %j is %s', (selector, labels, expected) => {
    expect(matches(selector, labels)).toBe(expected);
  });
});

describe('faults', () => {
  test.each<[string, number, string]>([
    ['a', 1, 'expected an operator'],
    ['a b', 2, 'expected an operator'],
    ['a = "b"', 2, 'expected an operator'],
    ['a == b', 5, 'expected a quoted string'],
    ['a == "b', 5, 'the string is not closed'],
    ['a in "b"', 5, 'expected "{"'],
    ["a in {'b' 'c'}", 10, 'expected a quoted string or "}"'],
    ['has(a', 5, 'expected ")" after "has("'],
    ['has()', 4, 'expected a label key'],
    ['all(x)', 4, 'expected ")" after "all("'],
    ['(has(a)', 7, 'expected ")"'],
    ['has(a) has(b)', 7, 'expected "&&", "||" or the end'],
    ['has(a) && ', 10, 'expected a label key'],
    ['has(a) & has(b)', 7, 'expected a label key'],
    ['has(a)\n', 6, 'expected a label key'],
  ])('%j: at %i, %s', (selector, position, problem) => {
    const error = caught(() => parseSelector(selector));
    expect(error).toBeInstanceOf(SelectorError);
    expect((error as SelectorError).position).toBe(position);
    expect((error as SelectorError).message).toContain(problem);
  });

  test('nesting without end is refused, not followed', () => {
    expect(caught(() => parseSelector(`${'('.repeat(100_000)}has(a)`))).toMatchObject({ name: 'SelectorError', position: 200 });
    expect(matches(`${'('.repeat(199)}has(a)${')'.repeat(199)}`, { a: '' })).toBe(true);
  });

  test('a label key longer than Calico allows is refused', () => {
    expect(caught(() => parseSelector(`has(${'a'.repeat(513)})`))).toMatchObject({ name: 'SelectorError', position: 4 });
    expect(matches(`!has(${'a'.repeat(512)})`, {})).toBe(true);
  });

  test('a long chain of negations is read', () => {
    expect(matches(`${'!'.repeat(10_001)}has(a)`, {})).toBe(true);
  });

  test('whatever the text, the only error is a SelectorError with a position inside it', () => {
    const word = fc.constantFrom('a', 'in', 'has(', 'all()', '(', ')', '{', '}', ',', '!', '==', '!=', '&&', '||', "'x'", '"', ' ', '\t', 'not in', 'starts with', 'contains', '=', '&', 'é');
    const text = fc.oneof(fc.string({ maxLength: 40 }), fc.array(word, { maxLength: 15 }).map((words) => words.join('')), fc.array(word, { maxLength: 15 }).map((words) => words.join(' ')));
    fc.assert(
      fc.property(text, (selector) => {
        const error = caught(() => parseSelector(selector));
        if (error === undefined) return;
        expect(error).toBeInstanceOf(SelectorError);
        expect((error as SelectorError).position).toBeLessThanOrEqual(selector.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('laws', () => {
  test('a formatted selector reads back as itself', () => {
    fc.assert(
      fc.property(selectors, (selector) => {
        expect(parseSelector(formatSelector(selector))).toEqual(selector);
      }),
      { numRuns: 1000 },
    );
  });

  test('De Morgan', () => {
    fc.assert(
      fc.property(selectors, selectors, labels, (left, right, set) => {
        expect(matchesSelector(negate({ is: 'and', operands: [left, right] }), set)).toBe(matchesSelector({ is: 'or', operands: [negate(left), negate(right)] }, set));
        expect(matchesSelector(negate({ is: 'or', operands: [left, right] }), set)).toBe(matchesSelector({ is: 'and', operands: [negate(left), negate(right)] }, set));
      }),
    );
  });

  test('a set is the union of its values', () => {
    fc.assert(
      fc.property(keys, fc.array(values), labels, (key, some, set) => {
        const single = some.some((value) => matchesSelector({ is: '==', key, value }, set));
        expect(matchesSelector({ is: 'in', key, values: some }, set)).toBe(single);
        expect(matchesSelector({ is: 'not in', key, values: some }, set)).toBe(!single);
      }),
    );
  });
});

const keys = fc.constantFrom('a', 'b', 'in', 'has', 'not', 'contains', 'projectcalico.org/x-y_z.1');
const values = fc.oneof(fc.constantFrom('', 'x', 'xy', 'yx'), fc.string({ maxLength: 6 }).map((text) => text.replaceAll('"', '')));
const labels = fc.dictionary(keys, values);

/** Selectors in the shape that the parser gives: no chain within a chain of its kind without parentheses is lost by formatting. */
const { selectors } = fc.letrec<{ selectors: Selector }>((tie) => ({
  selectors: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<Selector>({ is: 'all' }, { is: 'global' }),
    keys.map((key): Selector => ({ is: 'has', key })),
    fc.record({ is: fc.constantFrom('==', '!=', 'contains', 'starts with', 'ends with'), key: keys, value: values }),
    fc.record({ is: fc.constantFrom('in', 'not in'), key: keys, values: fc.array(values, { maxLength: 3 }) }),
    fc.record({ is: fc.constant('not'), operand: tie('selectors') }),
    fc.record({ is: fc.constantFrom('and', 'or'), operands: fc.array(tie('selectors'), { minLength: 2, maxLength: 3 }) }),
  ) as fc.Arbitrary<Selector>,
}));

function negate(operand: Selector): Selector {
  return { is: 'not', operand };
}

function caught(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
