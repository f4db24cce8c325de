import { isScalar, parseDocument } from 'yaml';
import { escapeTemplate } from './escape.ts';

/** A scalar of a document that a value fills when the chart is installed. */
export interface Binding {
  readonly path: readonly (string | number)[];
  /** Replaces the scalar, quotes included. */
  readonly template: string;
  /** What the template renders. @param valueOf gives a value of the chart by its path, such as `runner.image` */
  readonly render?: (valueOf: ValueOf) => string;
}

export type ValueOf = (path: string) => string;

/**
 * A document as template: bound scalars are replaced where they stand in the text, everything else is escaped and keeps its bytes.
 * @throws Error for a path that is no scalar of one line
 */
export function bind(text: string, bindings: readonly Binding[]): string {
  return piecesOf(text, bindings).map((piece) => (typeof piece === 'string' ? escapeTemplate(piece) : piece.template)).join('');
}

/** A document cut at its bound scalars. @throws Error for a path that is no scalar of one line */
export function piecesOf(text: string, bindings: readonly Binding[]): readonly (string | Binding)[] {
  if (bindings.length === 0) return [text];
  const document = parseDocument(text, { version: '1.1', strict: false, logLevel: 'silent' });
  const cuts = bindings.map((binding) => ({ ...rangeOf(document.getIn(binding.path, true), binding.path), binding })).sort((a, b) => a.start - b.start);
  const pieces: (string | Binding)[] = [];
  let position = 0;
  for (const { start, end, binding } of cuts) {
    pieces.push(text.slice(position, start), binding);
    position = end;
  }
  return [...pieces, text.slice(position)];
}

function rangeOf(node: unknown, path: Binding['path']): { readonly start: number; readonly end: number } {
  const oneLine = isScalar(node) && ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'].includes(node.type ?? '');
  if (!oneLine || !node.range) throw new Error(`${path.join('.')} is no scalar of one line, so no value of the chart can stand there`);
  const [start, end] = node.range;
  return { start, end };
}
