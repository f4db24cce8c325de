import { isScalar, parseDocument } from 'yaml';
import { escapeTemplate } from './escape.ts';

/** A scalar of a document that a value fills when the chart is installed. */
export interface Binding {
  readonly path: readonly (string | number)[];
  /** Replaces the scalar, quotes included. */
  readonly template: string;
}

/**
 * A document as template: bound scalars are replaced where they stand in the text, everything else is escaped and keeps its bytes.
 * @throws Error for a path that is no scalar of one line
 */
export function bind(text: string, bindings: readonly Binding[]): string {
  if (bindings.length === 0) return escapeTemplate(text);
  const document = parseDocument(text, { version: '1.1', strict: false, logLevel: 'silent' });
  const cuts = bindings.map(({ path, template }) => ({ ...rangeOf(document.getIn(path, true), path), template })).sort((a, b) => a.start - b.start);
  const pieces: string[] = [];
  let position = 0;
  for (const { start, end, template } of cuts) {
    pieces.push(escapeTemplate(text.slice(position, start)), template);
    position = end;
  }
  return [...pieces, escapeTemplate(text.slice(position))].join('');
}

function rangeOf(node: unknown, path: Binding['path']): { readonly start: number; readonly end: number } {
  const oneLine = isScalar(node) && ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'].includes(node.type ?? '');
  if (!oneLine || !node.range) throw new Error(`${path.join('.')} is no scalar of one line, so no value of the chart can stand there`);
  const [start, end] = node.range;
  return { start, end };
}
