import { type Document, isScalar, LineCounter, parseAllDocuments } from 'yaml';
import { chooseDocument, type Choice } from './choose-document.ts';
import { DocumentReader, type ParsedSpec } from './document-reader.ts';
import type { SpecKind } from './kind.ts';
import { oversized } from './oversized.ts';
import type { Problem } from './problem.ts';

export interface ParseResult {
  readonly specs: readonly ParsedSpec[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a file of specs and reports everything that is wrong with it. Never throws, whatever the text.
 * @param choice takes one spec of the file and sets parameters on it; without it every spec is taken as it is
 */
export function parseSpecs(file: string, text: string, kinds: readonly SpecKind[], choice?: Choice): ParseResult {
  const tooMuch = oversized(text);
  if (tooMuch) return { specs: [], problems: [{ file, path: '', ...tooMuch, fix: 'make it smaller' }] };
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true });
  if (!Array.isArray(documents)) {
    return { specs: [], problems: [{ file, path: '', message: 'holds no spec', fix: 'run `hookwave init` for one to begin with' }] };
  }
  const problems: Problem[] = [];
  const specs: ParsedSpec[] = [];
  const filled = documents.filter((document) => !isEmpty(document) || document.errors.length > 0);
  const chosen = choice ? chooseDocument(file, filled, choice) : { documents: filled, problems: [] };
  problems.push(...chosen.problems);
  for (const document of chosen.documents) {
    const reader = new DocumentReader(file, document, lines);
    const spec = reader.read(kinds, choice?.settings ?? []);
    problems.push(...reader.problems);
    if (spec) specs.push(spec);
  }
  if (specs.length === 0 && problems.length === 0) {
    problems.push({ file, path: '', message: 'holds no spec', fix: 'run `hookwave init` for one to begin with' });
  }
  return { specs, problems: [...problems, ...sameNames(specs)] };
}

function sameNames(specs: readonly ParsedSpec[]): readonly Problem[] {
  const seen = new Set<string>();
  return specs.flatMap((spec) => {
    if (!seen.has(spec.name)) {
      seen.add(spec.name);
      return [];
    }
    return [{ ...spec.placeOf(['metadata', 'name']), message: `is "${spec.name}" in two specs`, fix: 'give each spec of the file its own name' }];
  });
}

/** Nothing between two markers is no object, as for kubectl; the word `null` is one that is wrong. */
function isEmpty({ contents }: Document): boolean {
  return contents === null || (isScalar(contents) && contents.value === null && !contents.source);
}
