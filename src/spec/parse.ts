import { isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, type Document } from 'yaml';
import type { z } from 'zod';
import { API_VERSION, MAX_NAME_LENGTH, type SpecKind } from './kind.ts';
import { objectName } from './fields.ts';
import { longLine } from './long-line.ts';
import { chooseDocument, type Choice } from './choose-document.ts';
import type { Problem } from './problem.ts';
import { applySettings, type Setting } from './settings.ts';

/** One document of a spec file that has the right shape. */
export interface ParsedSpec {
  readonly kind: SpecKind;
  readonly name: string;
  readonly spec: unknown;
  /** The spec as the file has it, without defaults and settings. */
  readonly written: unknown;
  /** Where a path comes from, for problems that are found later: the file, or the parameter that has set it. */
  placeOf(path: readonly (string | number)[]): Place;
}

type Place = Pick<Problem, 'file' | 'path' | 'line'>;

export interface ParseResult {
  readonly specs: readonly ParsedSpec[];
  readonly problems: readonly Problem[];
}

const ENVELOPE = ['apiVersion', 'kind', 'metadata', 'spec'];
/** Stands in place of the file where a parameter is what is wrong. */
const PARAMETER = 'parameter';
const PLACEHOLDER = /<[A-Z][A-Z0-9_ -]*>/;

/**
 * Reads a file of specs and reports everything that is wrong with it. Never throws, whatever the text.
 * @param choice takes one spec of the file and sets parameters on it; without it every spec is taken as it is
 */
export function parseSpecs(file: string, text: string, kinds: readonly SpecKind[], choice?: Choice): ParseResult {
  const tooLong = longLine(text);
  if (tooLong) return { specs: [], problems: [{ file, path: '', ...tooLong, fix: 'shorten it' }] };
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true });
  if (!Array.isArray(documents)) {
    return { specs: [], problems: [{ file, path: '', message: 'holds no spec', fix: 'run `hookwave init` for one to begin with' }] };
  }
  const problems: Problem[] = [];
  const specs: ParsedSpec[] = [];
  const filled = documents.filter((document) => document.contents !== null || document.errors.length > 0);
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

class DocumentReader {
  readonly problems: Problem[] = [];
  readonly #file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  #starts: ReadonlyMap<string, number> | undefined;
  #set: readonly string[] = [];
  readonly #unfilled = new Set<string>();

  constructor(file: string, document: Document, lines: LineCounter) {
    this.#file = file;
    this.#document = document;
    this.#lines = lines;
  }

  read(kinds: readonly SpecKind[], settings: readonly Setting[]): ParsedSpec | undefined {
    for (const error of this.#document.errors) {
      this.#add([], error.message.split('\n')[0] ?? 'is not YAML', 'correct the YAML', error.linePos?.[0].line);
    }
    if (this.problems.length > 0) return undefined;
    const content = this.#content();
    if (content === undefined) return undefined;
    if (!this.#isTree(content)) return undefined;
    this.#placeholders(content, []);
    const name = this.#envelope(content);
    const kind = this.#kind(content, kinds);
    if (!kind) return undefined;
    const applied = applySettings(kind.schema, content['spec'], settings);
    this.#set = applied.set;
    for (const { name: path, ...problem } of applied.problems) this.problems.push({ file: PARAMETER, path, ...problem });
    const spec = kind.schema.safeParse(applied.spec);
    if (!spec.success) this.#issues(spec.error.issues);
    if (this.problems.length > 0 || !spec.success || name === undefined) return undefined;
    return { kind, name, spec: spec.data, written: content['spec'], placeOf: (path) => this.#placeOf(path) };
  }

  #content(): Record<string, unknown> | undefined {
    let content: unknown;
    try {
      content = this.#document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      this.#add([], error instanceof Error ? error.message : String(error), 'write the values out instead of using aliases');
      return undefined;
    }
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Record<string, unknown>;
    this.#add([], 'is not a mapping', 'begin with apiVersion, kind, metadata and spec');
    return undefined;
  }

  #envelope(content: Record<string, unknown>): string | undefined {
    for (const key of Object.keys(content).filter((known) => !ENVELOPE.includes(known))) {
      this.#add([key], 'is an unknown key', `remove it; a spec has ${ENVELOPE.join(', ')}`);
    }
    if (content['apiVersion'] !== API_VERSION) this.#add(['apiVersion'], `must be ${API_VERSION}`, `write apiVersion: ${API_VERSION}`);
    const metadata = content['metadata'];
    if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
      this.#add(['metadata'], 'is missing', 'write metadata: {name: my-upgrade}');
      return undefined;
    }
    for (const key of Object.keys(metadata).filter((known) => known !== 'name')) {
      this.#add(['metadata', key], 'is an unknown key', 'remove it; metadata has only name');
    }
    return this.#name((metadata as Record<string, unknown>)['name']);
  }

  #name(name: unknown): string | undefined {
    const parsed = objectName.safeParse(name);
    if (!parsed.success) {
      const [message, fix] = explanation(parsed.error.issues[0]?.message ?? 'is not a name');
      this.#add(['metadata', 'name'], message, fix ?? 'write a short lower-case name');
      return undefined;
    }
    if (parsed.data.length > MAX_NAME_LENGTH) {
      this.#add(['metadata', 'name'], `has ${parsed.data.length} characters`, `use at most ${MAX_NAME_LENGTH}: it becomes part of object names`);
      return undefined;
    }
    return parsed.data;
  }

  #kind(content: Record<string, unknown>, kinds: readonly SpecKind[]): SpecKind | undefined {
    const kind = kinds.find((known) => known.kind === content['kind']);
    if (!kind) this.#add(['kind'], 'is not a kind that hookwave knows', `use one of ${kinds.map((known) => known.kind).join(', ')}`);
    return kind;
  }

  #issues(issues: readonly z.core.$ZodIssue[]): void {
    for (const issue of issues) {
      const path = ['spec', ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) this.#add([...path, key], 'is an unknown key', 'remove it, or see the reference of this kind for its keys');
        continue;
      }
      if (this.#unfilled.has(formatPath(path))) continue;
      const [message, fix] = explanation(issue.message);
      this.#add(path, message, fix ?? genericFix(issue));
    }
  }

  /** An alias to what it stands in would be followed for ever. */
  #isTree(content: unknown): boolean {
    try {
      JSON.stringify(content);
      return true;
    } catch {
      this.#add([], 'refers to itself by an alias', 'write the values out instead of using aliases');
      return false;
    }
  }

  #placeholders(value: unknown, path: readonly (string | number)[]): void {
    if (typeof value === 'string' && PLACEHOLDER.test(value)) {
      this.#unfilled.add(formatPath(path));
      this.#add(path, `still holds the placeholder ${PLACEHOLDER.exec(value)?.[0]}`, 'put the real value in its place');
    } else if (Array.isArray(value)) {
      value.forEach((member, index) => this.#placeholders(member, [...path, index]));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        if (key === '__proto__') this.#add([...path, key], 'is no key that can be carried over', 'remove it');
        this.#placeholders(member, [...path, key]);
      }
    }
  }

  #add(path: readonly (string | number)[], message: string, fix: string, line?: number): void {
    this.problems.push({ ...this.#placeOf(path, line), message, fix });
  }

  #placeOf(path: readonly (string | number)[], line = this.#lineOf(path)): Place {
    const below = formatPath(path.slice(1));
    const isSet = path[0] === 'spec' && this.#set.some((name) => below === name || below.startsWith(`${name}.`) || below.startsWith(`${name}[`));
    if (isSet) return { file: PARAMETER, path: below };
    return { file: this.#file, path: formatPath(path), ...(line === undefined ? {} : { line }) };
  }

  /** The line of the deepest node on the path that exists. */
  #lineOf(path: readonly (string | number)[]): number | undefined {
    this.#starts ??= startsOf(this.#document.contents);
    for (let depth = path.length; depth >= 0; depth--) {
      const start = this.#starts.get(pathKey(path.slice(0, depth)));
      if (start !== undefined) return this.#lines.linePos(start).line;
    }
    return undefined;
  }
}

/** Where each node begins, by the key of its path. Made once: looking up thousands of paths one by one would walk the same mapping thousands of times. */
function startsOf(contents: unknown): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  const walk = (node: unknown, path: readonly (string | number)[]): void => {
    if (!isNode(node)) return;
    if (node.range) starts.set(pathKey(path), node.range[0]);
    if (isSeq(node)) node.items.forEach((item, index) => walk(item, [...path, index]));
    if (isMap(node)) for (const { key, value } of node.items) walk(value ?? key, [...path, isScalar(key) ? String(key.value) : String(key)]);
  };
  walk(contents, []);
  return starts;
}

function pathKey(path: readonly (string | number)[]): string {
  return path.join('\0');
}

/** `spec.overlays.patches[0].kind`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${part}`)).join('');
}

/** Field types write `message; fix`. */
function explanation(text: string): [message: string, fix: string | undefined] {
  const at = text.indexOf('; ');
  return at < 0 ? [lowerFirst(text), undefined] : [text.slice(0, at), text.slice(at + 2)];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function genericFix(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `write a ${issue.expected === 'record' ? 'mapping' : issue.expected}`;
  if (issue.code === 'invalid_value') return `use ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
  return 'see the reference of this kind for what belongs here';
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
