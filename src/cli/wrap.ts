/** Columns of a text for people where no terminal says otherwise, and the most that it takes in a wide one. */
export const WIDTH = 100;
const LEAST = 72;

/** Columns to write in, for a terminal with `columns` of them or for a pipe. */
export function widthFor(columns: number | undefined): number {
  return Math.min(WIDTH, Math.max(LEAST, columns ?? WIDTH));
}

/** `text` behind `prefix`, broken at spaces; further lines are indented by `hang` spaces. A word that is longer than a line stands over. @param hang default: the length of the prefix */
export function wrap(prefix: string, text: string, width: number, hang = prefix.length): readonly string[] {
  const lines: string[] = [];
  let line = prefix;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      [line, isEmpty] = [' '.repeat(hang), true];
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
