import type { Document } from 'yaml';
import { fieldsOf, type Field, type FieldName, type Settings, type Side } from './fields.ts';
import type { ConfigProblem } from './problems.ts';

const HEADER = {
  v1: { apiVersion: 'v1', kind: 'calicoApiConfig' },
  v3: { apiVersion: 'projectcalico.org/v3', kind: 'CalicoAPIConfig' },
} as const satisfies Record<Side, object>;

export interface FileSettings {
  readonly settings: Settings;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Settings of one side from the text of its file, YAML or JSON. Strict: what the side does not know is a problem.
 * No message quotes a value: it may be a password in the wrong place.
 */
export async function settingsFromFile(side: Side, path: string, text: string): Promise<FileSettings> {
  const { parseDocument } = await import('../yaml.ts');
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true, logLevel: 'error' });
  const problems: ConfigProblem[] = [];
  const problem = (place: string, message: string, fix: string): void => void problems.push({ where: place === '' ? path : `${path} ${place}`, message, fix });
  const values: Partial<Record<FieldName, string>> = {};
  const settings: Settings = { side, values, where: (field) => `${path} spec.${field}` };

  const [broken] = document.errors;
  const tag = document.warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED');
  if (broken) problem('', `is neither YAML nor JSON: line ${lineAt(text, broken.pos[0])}, ${broken.code.toLowerCase().replaceAll('_', ' ')}`, 'mend this line');
  else if (tag) problem('', `line ${lineAt(text, tag.pos[0])} uses a tag that is not known`, 'put the value in quotes');
  if (problems.length > 0) return { settings, problems };
  const content = contentOf(document);
  if (content === UNREADABLE) {
    problem('', 'has aliases that cannot be resolved: values that begin with `*`', 'put the values in quotes');
    return { settings, problems };
  }
  if (!isMap(content)) {
    problem('', 'holds no configuration', `begin with \`apiVersion: ${HEADER[side].apiVersion}\` and \`kind: ${HEADER[side].kind}\``);
    return { settings, problems };
  }
  for (const [key, expected] of Object.entries(HEADER[side])) {
    if (content[key] !== expected) problem(key, `is not ${expected}`, `this is the file of the ${side} datastore: write \`${key}: ${expected}\``);
  }
  for (const key of Object.keys(content)) if (!TOP.includes(key)) problem(shown(key), 'is not known', `it knows ${TOP.join(', ')}`);
  const { spec = {} } = content;
  if (!isMap(spec)) problem('spec', 'is no mapping', 'write one setting a line, indented');
  else readSpec(side, spec, { values, problem });
  return { settings, problems };
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

const UNREADABLE = Symbol('unreadable');

/** The parser's error quotes the alias, which may be a password; so neither its message nor the error itself goes further. */
function contentOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch {
    return UNREADABLE;
  }
}

const TOP: readonly string[] = ['apiVersion', 'kind', 'metadata', 'spec'];

interface Reading {
  readonly values: Partial<Record<FieldName, string>>;
  readonly problem: (place: string, message: string, fix: string) => void;
}

function readSpec(side: Side, spec: Readonly<Record<string, unknown>>, { values, problem }: Reading): void {
  const fields = fieldsOf(side);
  for (const [key, value] of Object.entries(spec)) {
    const known = fields.find(({ field }) => field === key);
    if (!known) {
      const alike = fields.find(({ field }) => field.toLowerCase() === key.toLowerCase());
      problem(`spec.${shown(key)}`, 'is not known', alike ? `write ${alike.field}` : `it knows ${fields.map(({ field }) => field).join(', ')}`);
    } else if (value !== null && typeof value !== typeOf(known)) {
      problem(`spec.${key}`, `is no ${known.type ?? 'text'}`, known.type === 'boolean' ? 'write true or false' : 'put it in quotes; several endpoints are separated by commas');
    } else if (value !== null && value !== '') values[known.field] = String(value);
  }
}

/** In `{etcdPassword:s3cret}` without a space the value is part of the key. */
function shown(key: string): string {
  return /^[\w.-]+/.exec(key)?.[0] ?? '(a key)';
}

function typeOf({ type }: Field): 'boolean' | 'string' {
  return type ?? 'string';
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
