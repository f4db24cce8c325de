/** Characters. etcd takes no request above 1.5 MiB (its `--max-request-bytes`), so no object can hold a value that is longer. */
export const LONGEST_LINE = 1.5 * 1024 * 1024;

/** Lists and maps within each other in brackets, or lists begun in one line. Definitions of custom resources reach about 60; parsers run out of stack, and Node with them, above some 700. */
export const DEEPEST = 400;

export interface Oversized {
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

/** The first line that no Kubernetes object can hold, or that takes it deeper than any parser goes; found before a parser spends seconds on it, or ends the process. */
export function oversized(text: string): Oversized | undefined {
  return longLine(text) ?? deepNesting(text);
}

function longLine(text: string): Oversized | undefined {
  for (let line = 1, start = 0; start < text.length; line++) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    if (end - start > LONGEST_LINE) return { line, message: `has a line of ${(end - start).toLocaleString('en')} characters, and no Kubernetes object can hold more than 1.5 MiB` };
    start = end + 1;
  }
  return undefined;
}

function deepNesting(text: string): Oversized | undefined {
  if (!mayBeDeep(text) && !MANY_DASHES.test(text)) return undefined;
  let depth = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('---')) depth = 0;
    for (const [token] of line.matchAll(STRUCTURE)) {
      depth = token === ']' || token === '}' ? Math.max(depth - 1, 0) : depth + 1;
      if (depth > DEEPEST) return { line: index + 1, message: `nests lists and maps more than ${DEEPEST} deep` };
    }
    if (MANY_DASHES.test(line)) return { line: index + 1, message: `nests lists more than ${DEEPEST} deep` };
  }
  return undefined;
}

const MANY_DASHES = new RegExp(`^ *(?:[-?] +){${DEEPEST}}`, 'm');
/** Brackets where a value or an item begins, and those that end one; a bracket after a word is text. */
const STRUCTURE = /(?<=(?:^|[-:,[{])\s*)[[{]|[\]}]/g;

/** Whether all brackets, those of texts too, are ever open in such a number: quick, and true for next to no text. */
function mayBeDeep(text: string): boolean {
  let depth = 0;
  for (let index = 0; index < text.length && depth <= DEEPEST; index++) {
    const code = text.charCodeAt(index);
    if (code === OPEN_LIST || code === OPEN_MAP) depth++;
    else if ((code === CLOSE_LIST || code === CLOSE_MAP) && depth > 0) depth--;
  }
  return depth > DEEPEST;
}

const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x5b, 0x5d, 0x7b, 0x7d];
