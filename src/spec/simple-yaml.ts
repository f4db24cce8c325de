/** What `readSimpleYaml` gives for YAML that it does not know for certain. */
export const NOT_SIMPLE = Symbol('not simple');

/**
 * Reads the plain block style in which nearly all manifests are written, many times faster than the full parser. For anything else (flow style, anchors,
 * tags, escapes, folded scalars, numbers of unusual form, two equal keys, an error) it gives `NOT_SIMPLE` and the full parser decides.
 * What it does read equals what the parser reads by YAML 1.1; a test holds that over upstream's files and random objects.
 */
export function readSimpleYaml(text: string): unknown {
  const cursor: Cursor = { lines: text.split('\n'), line: 0 };
  const indent = nextIndent(cursor);
  if (indent < 0) return null;
  const value = readNode(cursor, indent);
  return nextIndent(cursor) < 0 ? value : NOT_SIMPLE;
}

interface Cursor {
  readonly lines: string[];
  line: number;
}

/** Columns; deeper nesting is none that a manifest has. */
const DEEPEST = 400;

const SPACE = 32;
const HASH = 35;
const DASH = 45;

/** Moves to the next line with content and gives its indent; -1 at the end. */
function nextIndent(cursor: Cursor): number {
  for (; cursor.line < cursor.lines.length; cursor.line++) {
    const line = cursor.lines[cursor.line] as string;
    const indent = indentOf(line);
    if (indent < line.length && line.charCodeAt(indent) !== HASH) return indent;
  }
  return -1;
}

function indentOf(line: string): number {
  let indent = 0;
  while (line.charCodeAt(indent) === SPACE) indent++;
  return indent;
}

function readNode(cursor: Cursor, indent: number): unknown {
  if (indent > DEEPEST) return NOT_SIMPLE;
  return isItem(cursor.lines[cursor.line] as string, indent) ? readSequence(cursor, indent) : readMap(cursor, indent);
}

function isItem(line: string, indent: number): boolean {
  return line.charCodeAt(indent) === DASH && (line.length === indent + 1 || line.charCodeAt(indent + 1) === SPACE);
}

function readMap(cursor: Cursor, indent: number): unknown {
  const map: Record<string, unknown> = {};
  for (let here = nextIndent(cursor); here >= indent; here = nextIndent(cursor)) {
    const line = cursor.lines[cursor.line] as string;
    const colon = line.indexOf(':', indent);
    if (here > indent || colon < 0) return NOT_SIMPLE;
    const key = line.slice(indent, colon);
    if (!KEY.test(key) || WORD.test(key) || key === '__proto__' || Object.hasOwn(map, key)) return NOT_SIMPLE;
    if (colon + 1 < line.length && line.charCodeAt(colon + 1) !== SPACE) return NOT_SIMPLE;
    const value = readValue(cursor, strip(line.slice(colon + 1)), indent, indent);
    if (value === NOT_SIMPLE) return NOT_SIMPLE;
    map[key] = value;
  }
  return map;
}

function readSequence(cursor: Cursor, indent: number): unknown {
  const items: unknown[] = [];
  for (let here = nextIndent(cursor); here >= indent; here = nextIndent(cursor)) {
    const line = cursor.lines[cursor.line] as string;
    if (here > indent) return NOT_SIMPLE;
    if (!isItem(line, indent)) break;
    const value = readItem(cursor, line, indent);
    if (value === NOT_SIMPLE) return NOT_SIMPLE;
    items.push(value);
  }
  return items;
}

/** `- key: value` and `- - item` are read as if the dash were a space. */
function readItem(cursor: Cursor, line: string, indent: number): unknown {
  const rest = strip(line.slice(indent + 1));
  if (!/^-(?: |$)|^[^"'|>{[#&*!%@`]*?:(?: |$)/.test(rest)) return readValue(cursor, rest, indent, indent + 1);
  const inside = `${' '.repeat(indent + 1)}${line.slice(indent + 1)}`;
  cursor.lines[cursor.line] = inside;
  return readNode(cursor, indentOf(inside));
}

/** The value behind a key or a dash; `least` is the smallest indent at which a sequence may stand below. */
function readValue(cursor: Cursor, text: string, indent: number, least: number): unknown {
  cursor.line++;
  if (text === '|' || text === '|-') return readLiteral(cursor, indent, text === '|');
  if (text !== '' && text.charCodeAt(0) !== HASH) return readScalar(cursor, text, indent);
  if (text !== '') return NOT_SIMPLE;
  const below = nextIndent(cursor);
  if (below > indent || (below >= least && isItem(cursor.lines[cursor.line] as string, below))) return readNode(cursor, below);
  return null;
}

function readLiteral(cursor: Cursor, indent: number, newline: boolean): unknown {
  const first = cursor.lines.findIndex((line, index) => index >= cursor.line && !isBlank(line));
  if (first < 0) return NOT_SIMPLE;
  const own = indentOf(cursor.lines[first] as string);
  if (own <= indent || cursor.lines.slice(cursor.line, first).some((line) => line.length > own)) return NOT_SIMPLE;
  const content: string[] = [];
  for (; cursor.line < cursor.lines.length; cursor.line++) {
    const line = cursor.lines[cursor.line] as string;
    const here = indentOf(line);
    if (here < own && here < line.length) {
      if (here > indent) return NOT_SIMPLE;
      break;
    }
    content.push(line.slice(own));
  }
  while (content.at(-1) === '') content.pop();
  return newline ? `${content.join('\n')}\n` : content.join('\n');
}

const KEY = /^[A-Za-z_$][A-Za-z0-9_./$-]*$/;
/** Words that YAML 1.1 may take for something else than text. */
const WORD = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
const INTEGER = /^(?:0|-?[1-9][0-9]{0,14})$/;
/** Text for certain by its first character; what follows `: `, ` #` or a final colon is checked apart. */
const TEXT = /^(?:[A-Za-z/_$(^]|--?[A-Za-z]|\.[a-z]{4})/;
const DIGITS_AS_TEXT = /^[0-9]+(?:\.[0-9]+)?(?:m|[KMGT]i|[MGks]|h|%)$|^[0-9]+[acdf-np-wyz][A-Za-z0-9]*$|^[0-9]+(?:\.[0-9]+){2,}(?:[/+-][A-Za-z0-9.]+)?$/;

function readScalar(cursor: Cursor, text: string, indent: number): unknown {
  const value = scalar(text);
  const after = cursor.line;
  if (value === NOT_SIMPLE || nextIndent(cursor) <= indent) return value;
  cursor.line = after;
  return value === text ? readPlainLines(cursor, text, indent) : NOT_SIMPLE;
}

/** `[a, "b", /c, -d]` of plain words and simple quotes. */
const FLOW_LIST = /^\[ ?(?:"[^"\\]*"|(?:--?)?[A-Za-z/][A-Za-z0-9_./-]*)(?:, ?(?:"[^"\\]*"|(?:--?)?[A-Za-z/][A-Za-z0-9_./-]*))* ?\]$/;
const FLOW_ITEM = /"[^"\\]*"|[A-Za-z/-][A-Za-z0-9_./-]*/g;
const WITH_COMMENT = /^("[^"\\]*"|'[^']*'|\[[^#]*\]|[^"'#]*[^"'# ]) +#/;

function scalar(whole: string): unknown {
  const text = whole.includes(' #') ? (WITH_COMMENT.exec(whole)?.[1] ?? whole) : whole;
  if (text.startsWith('[') && FLOW_LIST.test(text)) return flowList(text);
  const quote = text[0];
  if (quote === '"' || quote === "'") {
    const inside = text.slice(1, -1);
    return text.length > 1 && text.endsWith(quote) && !inside.includes(quote) && !(quote === '"' && inside.includes('\\')) ? inside : NOT_SIMPLE;
  }
  if (INTEGER.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  if (text === '{}') return {};
  if (text === '[]') return [];
  if (isPlain(text) && (DIGITS_AS_TEXT.test(text) || (TEXT.test(text) && !WORD.test(text)))) return text;
  return NOT_SIMPLE;
}

function flowList(text: string): unknown {
  const items = (text.match(FLOW_ITEM) ?? []).map(scalar);
  return items.includes(NOT_SIMPLE) ? NOT_SIMPLE : items;
}

function isPlain(text: string): boolean {
  return !text.includes(': ') && !text.includes(' #') && !text.endsWith(':') && !text.includes('\t');
}

/** A plain scalar over several lines: a line end is a space, empty lines are line ends. */
function readPlainLines(cursor: Cursor, start: string, indent: number): unknown {
  let value = start;
  for (let last = cursor.line - 1; nextLine(cursor) > indent; cursor.line++) {
    const line = strip(cursor.lines[cursor.line] as string);
    if (!isPlain(line) || line.startsWith('#')) return NOT_SIMPLE;
    const empty = cursor.line - last - 1;
    value += empty === 0 ? ` ${line}` : `${'\n'.repeat(empty)}${line}`;
    last = cursor.line;
  }
  return value;
}

/** Like `nextIndent`, but a comment counts: it ends a plain scalar. */
function nextLine(cursor: Cursor): number {
  while (cursor.line < cursor.lines.length && isBlank(cursor.lines[cursor.line] as string)) cursor.line++;
  return cursor.line < cursor.lines.length ? indentOf(cursor.lines[cursor.line] as string) : -1;
}

function isBlank(line: string): boolean {
  return indentOf(line) === line.length;
}

/** Without spaces at both ends; `trim` would take more than YAML does. */
function strip(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === SPACE) end--;
  return text.slice(Math.min(indentOf(text), end), end);
}
