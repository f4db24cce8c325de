import { type LineCounter, parseDocument, type YAMLError } from 'yaml';
import { firstLine } from './issue-text.ts';
import { oversized } from './oversized.ts';
import { NOT_SIMPLE, readSimpleYaml } from './simple-yaml.ts';

/** One object of a vendor's manifest as its text, with what identifies it. Parsed only where something has to look inside. */
export interface ManifestDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** The document without its `---` line, byte for byte. */
  readonly text: string;
  /** 1-based line of the document in the file. */
  readonly line: number;
}

/** @throws Error that names the line of a document that is no Kubernetes object. */
export function splitManifest(manifest: string): readonly ManifestDocument[] {
  const known = split.get(manifest);
  if (known) return known;
  const documents = splitAnew(manifest);
  if (split.size >= REMEMBERED) split.clear();
  split.set(manifest, documents);
  return documents;
}

/** A spec's checks, its recipe and every cluster of a fleet look at the same few files. */
const split = new Map<string, readonly ManifestDocument[]>();
const REMEMBERED = 8;

function splitAnew(manifest: string): readonly ManifestDocument[] {
  const tooMuch = oversized(manifest);
  if (tooMuch) throw new Error(`line ${tooMuch.line}: it ${tooMuch.message}`);
  const documents: ManifestDocument[] = [];
  let lines: string[] = [];
  let start = 1;
  const flush = (end: string): void => {
    const text = lines.join('\n') + end;
    if (lines.some((line) => /^[^#\s]/.test(line))) documents.push(identify(text.endsWith('\n') ? text : `${text}\n`, start));
  };
  for (const [index, line] of manifest.split('\n').entries()) {
    if (/^---(\s|$)/.test(line)) {
      flush('\n');
      lines = [];
      start = index + 2;
    } else {
      lines.push(line);
    }
  }
  flush('');
  return documents;
}

/** What a document says. Many times faster than parsing where only that matters, not the text. @throws Error for broken YAML */
export function readManifestDocument(text: string): unknown {
  const simple = readSimpleYaml(text);
  return simple === NOT_SIMPLE ? parseManifestDocument(text).toJS() : simple;
}

/** What is no YAML in documents that nothing else may ever look into, each as `line 12: ...`. Reads everything, so it takes a while: `hookwave vendor` does it once for each file. */
export function yamlErrors(documents: readonly ManifestDocument[]): readonly string[] {
  return documents.filter(({ text }) => readSimpleYaml(text) === NOT_SIMPLE).flatMap(errorsOf);
}

/** A key that occurs twice is none: the API server takes the last one. */
function isError({ code }: YAMLError): boolean {
  return code !== 'DUPLICATE_KEY';
}

function errorsOf({ text, line }: ManifestDocument): readonly string[] {
  const document = parseManifestDocument(text);
  const errors = document.errors.filter(isError);
  if (errors.length > 0) return errors.map((error) => `line ${line + (error.linePos?.[0].line ?? 1) - 1}: ${firstLine(error.message)}`);
  try {
    contentOf(document, line);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** @throws Error that names the line of the document, for an alias to nothing and for too many of them */
function contentOf(document: ReturnType<typeof parseManifestDocument>, line: number): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new Error(`line ${line}: ${firstLine(cause instanceof Error ? cause.message : String(cause))}`, { cause });
  }
}

/** Vendor manifests follow YAML 1.1, as kubectl reads them: `0644` is octal, `on` is true. */
export function parseManifestDocument(text: string, lineCounter?: LineCounter) {
  return parseDocument(text, { version: '1.1', strict: false, logLevel: 'silent', ...(lineCounter && { lineCounter }) });
}

function identify(text: string, line: number): ManifestDocument {
  const identity = glance(text) ?? parse(text, line);
  return { ...identity, text, line };
}

type Identity = Omit<ManifestDocument, 'text' | 'line'>;

/** Reads the identity of a block-style document without parsing it; `undefined` when its style is another one. */
function glance(text: string): Identity | undefined {
  const apiVersion = plainScalar(/^apiVersion:(.*)$/m.exec(text)?.[1]);
  const kind = plainScalar(/^kind:(.*)$/m.exec(text)?.[1]);
  const metadata = /^metadata:[ \t]*\n((?:[ \t]+.*\n|[ \t]*#.*\n|[ \t]*\n)+)/m.exec(text)?.[1];
  const name = plainScalar(/^ {2}name:(.*)$/m.exec(metadata ?? '')?.[1]);
  if (!apiVersion || !kind || !name) return undefined;
  const namespace = plainScalar(/^ {2}namespace:(.*)$/m.exec(metadata ?? '')?.[1]);
  return { apiVersion, kind, name, ...(namespace ? { namespace } : {}) };
}

function plainScalar(value: string | undefined): string | undefined {
  return /^\s+(["']?)([A-Za-z0-9][A-Za-z0-9./_-]*)\1\s*(?:#.*)?$/.exec(value ?? '')?.[2];
}

function parse(text: string, line: number): Identity {
  const document = parseManifestDocument(text);
  const problem = document.errors.find(isError);
  if (problem) throw new Error(`line ${line + (problem.linePos?.[0].line ?? 1) - 1}: ${firstLine(problem.message)}`);
  const object = contentOf(document, line) as { apiVersion?: unknown; kind?: unknown; metadata?: { name?: unknown; namespace?: unknown } } | null;
  const { apiVersion, kind, metadata } = object ?? {};
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof metadata?.name !== 'string') {
    const isList = typeof kind === 'string' && kind.endsWith('List');
    throw new Error(`line ${line}: ${isList ? `a ${kind}: give each of its items a document of its own` : 'a document without apiVersion, kind or metadata.name'}`);
  }
  return { apiVersion, kind, name: metadata.name, ...(typeof metadata.namespace === 'string' ? { namespace: metadata.namespace } : {}) };
}
