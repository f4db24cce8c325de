import type { Selector } from './selector.ts';

export type Labels = Readonly<Record<string, string>>;

/** Whether labels satisfy a selector. `!=` and `not in` hold for a missing label; the other comparisons don't. */
export function matchesSelector(selector: Selector, labels: Labels): boolean {
  switch (selector.is) {
    case 'all':
    case 'global':
      return true;
    case 'has':
      return Object.hasOwn(labels, selector.key);
    case 'in':
    case 'not in':
      return isIn(valueOf(labels, selector.key), selector.values) === (selector.is === 'in');
    case 'not':
      return !matchesSelector(selector.operand, labels);
    case 'and':
      return selector.operands.every((operand) => matchesSelector(operand, labels));
    case 'or':
      return selector.operands.some((operand) => matchesSelector(operand, labels));
    default:
      return compares(selector.is, valueOf(labels, selector.key), selector.value);
  }
}

function valueOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function isIn(value: string | undefined, values: readonly string[]): boolean {
  return value !== undefined && values.includes(value);
}

function compares(operator: '==' | '!=' | 'contains' | 'starts with' | 'ends with', actual: string | undefined, value: string): boolean {
  if (operator === '!=') return actual !== value;
  if (actual === undefined) return false;
  if (operator === '==') return actual === value;
  if (operator === 'contains') return actual.includes(value);
  return operator === 'starts with' ? actual.startsWith(value) : actual.endsWith(value);
}
