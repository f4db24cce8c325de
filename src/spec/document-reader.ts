import type { Document, LineCounter } from 'yaml';
import type { z } from 'zod';
import { objectName } from './fields.ts';
import { explanation, firstLine, genericFix, isMissing } from './issue-text.ts';
import { API_VERSION, MAX_NAME_LENGTH, type SpecKind } from './kind.ts';
import { formatPath, linesOf, type Path } from './lines.ts';
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
  placeOf(path: Path): Place;
}

type Place = Pick<Problem, 'file' | 'path' | 'line'>;

const ENVELOPE = ['apiVersion', 'kind', 'metadata', 'spec'];
/** Stands in place of the file where a parameter is what is wrong. */
const PARAMETER = 'parameter';
const PLACEHOLDER = /<[A-Z][A-Z0-9_ -]*>/;

/** Judges one document of a spec file: its envelope, its kind, and its spec by the schema of that kind. */
export class DocumentReader {
  readonly problems: Problem[] = [];
  readonly #file: string;
  readonly #document: Document;
  readonly #lineOf: (path: Path) => number | undefined;
  #set: readonly string[] = [];
  readonly #unfilled = new Set<string>();

  constructor(file: string, document: Document, lines: LineCounter) {
    this.#file = file;
    this.#document = document;
    this.#lineOf = linesOf(document, lines);
  }

  read(kinds: readonly SpecKind[], settings: readonly Setting[]): ParsedSpec | undefined {
    for (const error of this.#document.errors) {
      this.#add([], firstLine(error.message), error.code === 'TAB_AS_INDENT' ? 'indent with spaces' : 'correct the YAML', error.linePos?.[0].line);
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
    const spec = kind.schema.safeParse(applied.spec, { reportInput: true });
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
      this.#add(path, isMissing(issue) ? 'is missing' : message, fix ?? genericFix(issue));
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

  #placeholders(value: unknown, path: Path): void {
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

  #add(path: Path, message: string, fix: string, line?: number): void {
    this.problems.push({ ...this.#placeOf(path, line), message, fix });
  }

  #placeOf(path: Path, line = this.#lineOf(path)): Place {
    const below = formatPath(path.slice(1));
    const isSet = path[0] === 'spec' && this.#set.some((name) => below === name || below.startsWith(`${name}.`) || below.startsWith(`${name}[`));
    if (isSet) return { file: PARAMETER, path: below };
    return { file: this.#file, path: formatPath(path), ...(line === undefined ? {} : { line }) };
  }
}
