import type { Selector } from './selector.ts';

/** The selector as text; `parseSelector` reads it back. */
export function formatSelector(selector: Selector): string {
  switch (selector.is) {
    case 'all':
    case 'global':
      return `${selector.is}()`;
    case 'has':
      return `has(${selector.key})`;
    case 'in':
    case 'not in':
      return `${selector.key} ${selector.is} {${selector.values.map(quote).join(', ')}}`;
    case 'not':
      return `!${grouped(selector.operand)}`;
    case 'and':
    case 'or':
      return selector.operands.map(grouped).join(selector.is === 'and' ? ' && ' : ' || ');
    default:
      return `${selector.key} ${selector.is} ${quote(selector.value)}`;
  }
}

const COMPOUND: ReadonlySet<Selector['is']> = new Set(['and', 'or', 'not']);

function grouped(selector: Selector): string {
  return COMPOUND.has(selector.is) ? `(${formatSelector(selector)})` : formatSelector(selector);
}

function quote(value: string): string {
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}
