import { parseManifestDocument } from '../../spec/manifest-text.ts';

/**
 * Parses a document as lenient as Argo CD, Helm and kubectl are: their parser (sigs.k8s.io/yaml on go-yaml 2, a libyaml) does not mind lines of a quoted
 * scalar, or of a list or map in brackets, that are indented no further than their key. Generated definitions have such lines (OpenEBS UpgradeTask), and so
 * have charts (a `command: [` whose items follow under the key: MinIO).
 */
export function parseAsGoDoes(text: string): ReturnType<typeof parseManifestDocument> {
  const parsed = parseManifestDocument(text);
  if (!parsed.errors.some(({ code }) => code === 'MISSING_CHAR' || code === 'BAD_INDENT')) return parsed;
  const again = parseManifestDocument(indentContinued(text));
  return again.errors.length === 0 ? again : parsed;
}

/** Deeper than any key; leading spaces of folded lines do not count. */
const DEEP = ' '.repeat(200);

/** What a line leaves open: a quote, and brackets around it. */
interface Open {
  /** `"`, `'` or nothing. */
  readonly quote: string;
  readonly brackets: number;
}

const CLOSED: Open = { quote: '', brackets: 0 };

function indentContinued(text: string): string {
  let open = CLOSED;
  return text
    .split('\n')
    .map((line) => {
      const isContinued = open !== CLOSED;
      open = isContinued ? afterLine(line, open) : afterLine(VALUE.exec(line)?.[1] ?? '', CLOSED);
      return isContinued ? DEEP + line : line;
    })
    .join('\n');
}

/** A value that begins with a quote or a bracket, after its key or as an item. */
const VALUE = /^ *(?:- +)*(?:[\w./$-]+: +)?(["'[{].*)/;

function afterLine(line: string, { quote, brackets }: Open): Open {
  const end = quote ? END_OF_QUOTE[quote as '"' | "'"].exec(line) : undefined;
  if (end === null) return { quote, brackets };
  let depth = brackets;
  for (const [token] of line.slice(end?.[0].length ?? 0).matchAll(TOKENS)) {
    const [first = ''] = token;
    if (token.endsWith('#')) break;
    if (first === '"' || first === "'") {
      if (token.length === 1 || !token.endsWith(first)) return { quote: first, brackets: depth };
    } else depth += first === '[' || first === '{' ? 1 : -1;
    if (depth <= 0) break;
  }
  return depth > 0 ? { quote: '', brackets: depth } : CLOSED;
}

const END_OF_QUOTE = { '"': /^(?:[^"\\]|\\.)*"/, "'": /^(?:[^']|'')*'(?!')/ } as const;
/** Quoted text as a whole, or to the end of the line; brackets; the beginning of a comment. */
const TOKENS = /(?<=^|[\s[{,:])(?:"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)|[[\]{}]|(?:^|\s)#/g;
