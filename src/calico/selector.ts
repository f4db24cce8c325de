/**
 * Calico's selector language (projectcalico/calico v3.32, libcalico-go/lib/selector/parser):
 * `||` binds weaker than `&&`, `&&` weaker than `!`; an empty selector selects everything.
 */
import { SelectorError } from './selector-error.ts';
import { tokenize, type Token } from './selector-tokens.ts';

export { SelectorError } from './selector-error.ts';

export type Selector =
  | { readonly is: 'all' | 'global' }
  | { readonly is: 'has'; readonly key: string }
  | { readonly is: '==' | '!=' | 'contains' | 'starts with' | 'ends with'; readonly key: string; readonly value: string }
  | { readonly is: 'in' | 'not in'; readonly key: string; readonly values: readonly string[] }
  | { readonly is: 'not'; readonly operand: Selector }
  | { readonly is: 'and' | 'or'; readonly operands: readonly Selector[] };

/** @throws SelectorError with the position of the first fault */
export function parseSelector(text: string): Selector {
  const tokens = tokenize(text);
  if (tokens[0]?.kind === 'end') return { is: 'all' };
  const reader = readerOf(text, tokens);
  const selector = readOr(reader, 0);
  reader.expect('end', 'expected "&&", "||" or the end');
  return selector;
}

interface Reader {
  peek(): Token;
  take(): Token;
  expect(kind: Token['kind'], problem: string): Token;
  fail(problem: string): never;
}

function readerOf(text: string, tokens: readonly Token[]): Reader {
  let index = 0;
  const peek = (): Token => tokens[index] ?? { kind: 'end', position: text.length };
  const take = (): Token => {
    const token = peek();
    index++;
    return token;
  };
  const fail = (problem: string): never => {
    throw new SelectorError(text, peek().position, problem);
  };
  const expect = (kind: Token['kind'], problem: string): Token => (peek().kind === kind ? take() : fail(problem));
  return { peek, take, expect, fail };
}

function readOr(reader: Reader, depth: number): Selector {
  return readChain(reader, '||', () => readChain(reader, '&&', () => readOperation(reader, depth), 'and'), 'or');
}

function readChain(reader: Reader, separator: '||' | '&&', readPart: () => Selector, is: 'and' | 'or'): Selector {
  const operands = [readPart()];
  while (reader.peek().kind === separator) {
    reader.take();
    operands.push(readPart());
  }
  return operands.length === 1 ? operands[0]! : { is, operands };
}

/** Deeper parentheses are refused, so that no selector can exhaust the stack. */
const MAXIMUM_DEPTH = 200;

function readOperation(reader: Reader, depth: number): Selector {
  let negated = false;
  for (; reader.peek().kind === '!'; reader.take()) negated = !negated;
  const operand = readOperand(reader, depth);
  return negated ? { is: 'not', operand } : operand;
}

function readOperand(reader: Reader, depth: number): Selector {
  const token = reader.peek();
  switch (token.kind) {
    case 'all':
    case 'global':
      reader.take();
      return { is: token.kind };
    case 'has':
      reader.take();
      return { is: 'has', key: token.value };
    case 'label':
      reader.take();
      return readComparison(reader, token.value);
    case '(':
      return readParentheses(reader, depth);
    default:
      return reader.fail('expected a label key, has(), all(), global(), "!" or "("');
  }
}

function readParentheses(reader: Reader, depth: number): Selector {
  if (depth >= MAXIMUM_DEPTH) reader.fail(`more than ${MAXIMUM_DEPTH} nested parentheses`);
  reader.take();
  const inner = readOr(reader, depth + 1);
  reader.expect(')', 'expected ")"');
  return inner;
}

function readComparison(reader: Reader, key: string): Selector {
  const operator = reader.take();
  if (operator.kind !== 'operator') return reader.fail('expected an operator and a value after the label key');
  if (operator.value === 'in' || operator.value === 'not in') return { is: operator.value, key, values: readSet(reader) };
  const value = reader.expect('string', 'expected a quoted string') as Extract<Token, { value: string }>;
  return { is: operator.value, key, value: value.value };
}

/** A comma may end the set; the set may be empty. */
function readSet(reader: Reader): readonly string[] {
  reader.expect('{', 'expected "{"');
  const values: string[] = [];
  for (let token = reader.peek(); token.kind === 'string'; token = reader.peek()) {
    values.push(token.value);
    reader.take();
    if (reader.peek().kind !== ',') break;
    reader.take();
  }
  reader.expect('}', 'expected a quoted string or "}"');
  return values;
}
