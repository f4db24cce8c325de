import { parseAsGoDoes } from './go-yaml.ts';
import { at, list, record, stringMap, words, type JsonObject } from './json.ts';
import type { DocumentProblem, Manifest, Path } from './manifest.ts';
import { readArgo, readHelm } from './reading.ts';
import { oversized } from '../../spec/oversized.ts';
import { NOT_SIMPLE, readSimpleYaml } from '../../spec/simple-yaml.ts';

/** A file, or the standard input. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

export interface Documents {
  readonly objects: readonly Manifest[];
  readonly problems: readonly DocumentProblem[];
}

/**
 * Reads every object of a stream; what can't be read becomes a problem, and what is no Kubernetes object (values, kustomizations) is passed over.
 * @param onRead Told the length of each document that has been read.
 */
export function readDocuments(sources: readonly Source[], onRead: (characters: number) => void = () => undefined): Documents {
  const objects: Manifest[] = [];
  const problems: DocumentProblem[] = [];
  for (const { file, text } of sources) {
    for (const document of splitDocuments(text)) {
      for (const one of readDocument({ file, ...document })) {
        if ('code' in one) problems.push(one);
        else objects.push(one);
      }
      onRead(document.text.length);
    }
  }
  return { objects, problems };
}

interface Document {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Cuts a stream at its document markers; byte order mark and carriage returns are taken away, lines stay the same. */
export function splitDocuments(stream: string): readonly Omit<Document, 'file'>[] {
  const text = (stream.startsWith('\uFEFF') ? stream.slice(1) : stream).replaceAll('\r\n', '\n');
  const documents: Omit<Document, 'file'>[] = [];
  const marker = /^---(?=[ \t]|$)(?:[ \t]*(?:#.*)?$\n?)?/gm;
  let line = 1;
  let start = 0;
  const cut = (end: number): void => {
    const part = text.slice(start, end);
    const first = /^(?:[ \t]*(?:#.*)?\n|%.*\n)*/.exec(part)?.[0] ?? '';
    const skipped = countLines(first);
    if (part.length > first.length && /\S/.test(part)) documents.push({ line: line + skipped, text: part.slice(first.length) });
    line += countLines(part);
  };
  for (const match of text.matchAll(marker)) {
    cut(match.index);
    line += countLines(match[0]);
    start = match.index + match[0].length;
  }
  cut(text.length);
  return documents;
}

function countLines(text: string): number {
  let lines = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) lines++;
  return lines;
}

function readDocument(document: Document): readonly (Manifest | DocumentProblem)[] {
  const tooMuch = oversized(document.text);
  if (tooMuch) return problem(document, 'yaml-error', `the document ${tooMuch.message}`, tooMuch.line);
  const simple = readSimpleYaml(document.text);
  if (simple !== NOT_SIMPLE) return objectsOf(document, simple);
  const { value, problems } = readFully(document);
  return [...problems, ...(value === undefined ? [] : objectsOf(document, value))];
}

function readFully(document: Document): { readonly value: unknown; readonly problems: readonly DocumentProblem[] } {
  try {
    const parsed = parseAsGoDoes(document.text);
    const [error, repeated] = [parsed.errors.find(({ code }) => code !== 'DUPLICATE_KEY'), parsed.errors[0]];
    if (error) return { value: undefined, problems: problem(document, 'yaml-error', firstLine(error.message), error.linePos?.[0].line) };
    return { value: parsed.toJS(), problems: repeated ? problem(document, 'yaml-duplicate-key', firstLine(repeated.message), repeated.linePos?.[0].line) : [] };
  } catch (error) {
    return { value: undefined, problems: problem(document, 'yaml-error', firstLine(error instanceof Error ? error.message : String(error))) };
  }
}

/** Of a document that is meant to be an object; others are let be. */
function problem({ file, line, text }: Document, code: DocumentProblem['code'], message: string, within = 1): readonly DocumentProblem[] {
  const looksLikeManifest = /["']?(?:apiVersion|kind)["']?[ \t]*:/.test(text);
  return looksLikeManifest ? [{ code, file, line: line + within - 1, message }] : [];
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
}

interface Place {
  readonly within: Path;
  /** The outermost List around it. */
  readonly list?: { readonly kind: string; readonly annotations: Readonly<Record<string, string>> };
}

function objectsOf(document: Document, value: unknown, place: Place = { within: [] }): readonly (Manifest | DocumentProblem)[] {
  const object = record(value);
  const [apiVersion, kind] = [words(object?.['apiVersion']), words(object?.['kind'])];
  if (!object || apiVersion === undefined || kind === undefined) return [];
  if (kind.endsWith('List') && Array.isArray(object['items'])) {
    const outermost = place.list ?? { kind, annotations: stringMap(at(object, 'metadata', 'annotations')) };
    return list(object['items']).flatMap((item, index) => objectsOf(document, item, { within: [...place.within, 'items', index], list: outermost }));
  }
  const metadata = record(object['metadata']);
  if (!metadata || apiVersion.startsWith('kustomize.config.k8s.io/')) return [];
  const [name, generateName] = [words(metadata['name']), words(metadata['generateName'])];
  if (name === undefined && generateName === undefined) {
    return [{ code: 'incomplete-object', file: document.file, line: document.line, message: `${kind} of ${apiVersion} has neither metadata.name nor metadata.generateName` }];
  }
  return [manifestOf(document, { object, metadata, apiVersion, kind, name: name ?? '', generateName: name ? '' : (generateName ?? '') }, place)];
}

interface Parts extends Pick<Manifest, 'object' | 'apiVersion' | 'kind' | 'name' | 'generateName'> {
  readonly metadata: JsonObject;
}

/** Objects without annotations are not kept: a stream of 100,000 objects would fill the memory, and few rules look inside them. */
function manifestOf(document: Document, { object, metadata, apiVersion, kind, name, generateName }: Parts, { within, list: outermost }: Place): Manifest {
  const kept = metadata['annotations'] ? object : undefined;
  const annotations = kept ? stringMap(metadata['annotations']) : NO_ANNOTATIONS;
  const slash = apiVersion.indexOf('/');
  return {
    file: document.file,
    line: document.line,
    text: document.text,
    within,
    documentKind: outermost?.kind ?? kind,
    apiVersion,
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    kind,
    namespace: words(metadata['namespace']) ?? '',
    name,
    generateName,
    annotations,
    notStrings: kept ? notStrings(metadata['annotations']) : NONE,
    argo: readArgo(annotations),
    helm: readHelm(outermost?.annotations ?? annotations),
    get object() {
      return kept ?? readAgain(document, within);
    },
  };
}

const NONE: readonly string[] = [];
const NO_ANNOTATIONS: Readonly<Record<string, string>> = {};

function notStrings(annotations: unknown): readonly string[] {
  return Object.entries(record(annotations) ?? {}).flatMap(([key, value]) => (typeof value === 'string' || value === null ? [] : [key]));
}

function readAgain(document: Document, within: Path): JsonObject {
  const known = lastRead.find((one) => one.document === document) ?? { document, whole: wholeOf(document) };
  if (known !== lastRead[0]) lastRead = [known, ...lastRead.filter((one) => one !== known)].slice(0, 2);
  return record(at(known.whole, ...within)) ?? {};
}

/** The items of a List share one document; without this each of them would read the whole List. Two, because a rule compares objects of two Lists. */
let lastRead: readonly { readonly document: Document; readonly whole: unknown }[] = [];

function wholeOf(document: Document): unknown {
  const simple = readSimpleYaml(document.text);
  return simple === NOT_SIMPLE ? readFully(document).value : simple;
}
