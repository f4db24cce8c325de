import { parseManifestDocument } from '../../spec/manifest-text.ts';

/**
 * Parses a document as lenient as Argo CD, Helm and kubectl are: their parser (sigs.k8s.io/yaml on go-yaml 2, a libyaml) does not mind lines of a quoted
 * scalar that are indented no further than their key. Generated definitions have such lines (OpenEBS UpgradeTask).
 */
export function parseAsGoDoes(text: string): ReturnType<typeof parseManifestDocument> {
  const parsed = parseManifestDocument(text);
  if (parsed.errors[0]?.code !== 'MISSING_CHAR') return parsed;
  const again = parseManifestDocument(indentQuoted(text));
  return again.errors.length === 0 ? again : parsed;
}

/** Deeper than any key; leading spaces of folded lines do not count. */
const DEEP = ' '.repeat(200);

function indentQuoted(text: string): string {
  let quote: string | undefined;
  return text
    .split('\n')
    .map((line) => {
      const inside = quote;
      const opened = inside ?? /^[ -]*[\w./$-]+: +(["'])/.exec(line)?.[1];
      const rest = inside ? line : line.slice(line.indexOf(opened ?? '') + 1);
      quote = opened && !closes(rest, opened) ? opened : undefined;
      return inside ? DEEP + line : line;
    })
    .join('\n');
}

function closes(text: string, quote: string): boolean {
  return text.replaceAll(quote === "'" ? "''" : /\\./g, '').includes(quote);
}
