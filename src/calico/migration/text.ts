/** User text as upstream's command prints it (calico-upgrade `pkg/commands/clihelper.go`): scripts search it line by line, so lines must break where upstream's do. */

const WIDTH = 79;
const BULLET = ' * ';

/** Lines of at most 79 columns: existing line breaks stay, blank lines and runs of blanks go, a longer word stands alone. */
export function messageLines(text: string): readonly string[] {
  return wrap(text, WIDTH);
}

export function bulletLines(text: string): readonly string[] {
  return wrap(text, WIDTH - BULLET.length).map((line, index) => `${index === 0 ? BULLET : '   '}${line}`);
}

export function errorLines(text: string): readonly string[] {
  return messageLines(`ERROR: ${text}`);
}

/** A rule between two empty lines. */
export const SEPARATOR: readonly string[] = ['', '-'.repeat(WIDTH), ''];

/** Widths are in bytes of UTF-8, as Go counts. */
function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line.split(/\s+/u).filter((word) => word !== ''), width));
}

function wrapLine(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length === 0 ? undefined : `${lines.at(-1)} ${word}`;
    if (longer !== undefined && Buffer.byteLength(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
