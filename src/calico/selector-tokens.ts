import { SelectorError } from './selector-error.ts';

export type Operator = '==' | '!=' | 'in' | 'not in' | 'contains' | 'starts with' | 'ends with';

export type Token =
  | { readonly kind: 'label' | 'string' | 'has'; readonly value: string; readonly position: number }
  | { readonly kind: 'operator'; readonly value: Operator; readonly position: number }
  | { readonly kind: 'all' | 'global' | '!' | '&&' | '||' | '(' | ')' | '{' | '}' | ',' | 'end'; readonly position: number };

/** Characters; libcalico-go's MaxLabelLength. */
const MAXIMUM_KEY_LENGTH = 512;

/**
 * Splits a selector (projectcalico/calico v3.32, libcalico-go/lib/selector/tokenizer): blank and tab separate, strings have no escapes,
 * and a word is an operator only where a label key stands before it.
 * @throws SelectorError
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let position = skipBlanks(text, 0); position < text.length; ) {
    const [token, end] = tokens.at(-1)?.kind === 'label' ? operatorAt(text, position) : tokenAt(text, position);
    tokens.push(token);
    position = skipBlanks(text, end);
  }
  return [...tokens, { kind: 'end', position: text.length }];
}

type Cut = readonly [Token, number];

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

const MARKS = ['&&', '||', '!', '(', ')', '{', '}', ','] as const;
const CALLS = ['all', 'global'] as const;

function tokenAt(text: string, position: number): Cut {
  const quote = text[position];
  if (quote === '"' || quote === "'") return stringAt(text, position, quote);
  const mark = MARKS.find((one) => text.startsWith(one, position));
  if (mark) return [{ kind: mark, position }, position + mark.length];
  if (text.startsWith('has(', position)) return hasAt(text, position);
  const call = CALLS.find((name) => text.startsWith(`${name}(`, position));
  if (call) return [{ kind: call, position }, closing(text, position + call.length + 1, `${call}(`)];
  const key = keyAt(text, position);
  return [{ kind: 'label', value: key, position }, position + key.length];
}

function stringAt(text: string, position: number, quote: string): Cut {
  const end = text.indexOf(quote, position + 1);
  if (end < 0) throw new SelectorError(text, position, 'the string is not closed');
  return [{ kind: 'string', value: text.slice(position + 1, end), position }, end + 1];
}

function hasAt(text: string, position: number): Cut {
  const start = skipBlanks(text, position + 'has('.length);
  const value = keyAt(text, start);
  return [{ kind: 'has', value, position }, closing(text, start + value.length, 'has(')];
}

function closing(text: string, from: number, opened: string): number {
  const position = skipBlanks(text, from);
  if (text[position] !== ')') throw new SelectorError(text, position, `expected ")" after "${opened}"`);
  return position + 1;
}

function keyAt(text: string, position: number): string {
  const key = /^[A-Za-z0-9_./-]*/.exec(text.slice(position))![0];
  if (key === '') throw new SelectorError(text, position, 'expected a label key, has(), all(), global(), "!" or "("');
  if (key.length > MAXIMUM_KEY_LENGTH) throw new SelectorError(text, position, `the label key is longer than ${MAXIMUM_KEY_LENGTH} characters`);
  return key;
}

/** The words of an operator may stand together (`notin`); only after the last one a word must end. */
const OPERATORS: readonly (readonly [Operator, RegExp])[] = [
  ['==', /^==/],
  ['!=', /^!=/],
  ['contains', /^contains(?![\w./-])/],
  ['starts with', /^starts[ \t]*with[ \t]*(?![\w./ \t-])/],
  ['ends with', /^ends[ \t]*with[ \t]*(?![\w./ \t-])/],
  ['not in', /^not[ \t]*in[ \t]*(?![\w./ \t-])/],
  ['in', /^in(?![\w./-])/],
];

function operatorAt(text: string, position: number): Cut {
  const rest = text.slice(position);
  for (const [value, pattern] of OPERATORS) {
    const found = pattern.exec(rest);
    if (found) return [{ kind: 'operator', value, position }, position + found[0].length];
  }
  throw new SelectorError(text, position, 'expected an operator after the label key: ==, !=, in, not in, contains, starts with, ends with');
}
