/** A generated file, by its path from the root of the repository. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

export const GENERATED = '<!-- Generated from the code. Do not edit; `npm run docs` writes it anew. -->\n';

/** A Markdown table. A column whose cells are all empty is left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const kept = head.map((_title, column) => column).filter((column) => rows.some((row) => row[column] !== ''));
  const line = (cells: readonly string[]): string => `| ${kept.map((column) => cells[column] ?? '').join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(kept.length)}`, ...rows.map(line)].join('\n');
}

/** Text in a cell of a table. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** `code` in a cell; empty for an empty text. */
export function code(text: string): string {
  return text === '' ? '' : `\`${cell(text)}\``;
}
