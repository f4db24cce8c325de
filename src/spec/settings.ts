import type { z } from 'zod';
import { parametersOf, type Parameter } from './parameters.ts';

/** The value of one parameter, given from outside the file; of the three the one that fits the parameter. */
export interface Setting {
  readonly name: string;
  readonly string?: string | undefined;
  readonly array?: readonly string[] | undefined;
  readonly map?: Readonly<Record<string, string>> | undefined;
}

export interface AppliedSettings {
  /** A copy with the values in it, not yet judged by the schema. */
  readonly spec: unknown;
  /** Names of parameters that were set. */
  readonly set: readonly string[];
  readonly problems: readonly { readonly name: string; readonly message: string; readonly fix: string }[];
}

/**
 * Writes settings into a spec as read: a scalar or a list replaces the file's, a mapping is merged into the file's key by key.
 * What the values may be is judged afterwards by the schema, as for the file.
 */
export function applySettings(schema: z.ZodType, spec: unknown, settings: readonly Setting[]): AppliedSettings {
  if (settings.length === 0 || !isMapping(spec)) return { spec, set: [], problems: [] };
  const parameters = parametersOf(schema);
  const problems: AppliedSettings['problems'][number][] = [];
  const set: string[] = [];
  let result: Record<string, unknown> = spec;
  for (const setting of settings) {
    const parameter = parameters.find(({ name }) => name === setting.name);
    const problem = problemOf(setting, parameter, parameters, set);
    if (problem) problems.push({ name: setting.name, ...problem });
    if (!parameter || problem) continue;
    set.push(setting.name);
    result = put(result, setting.name.split('.'), valueOf(setting, parameter));
  }
  return { spec: result, set, problems };
}

function problemOf(setting: Setting, parameter: Parameter | undefined, known: readonly Parameter[], set: readonly string[]) {
  if (!parameter) return { message: 'is no parameter of this kind', fix: `use one of ${known.map(({ name }) => name).join(', ')}; everything else is changed by a commit` };
  if (set.includes(setting.name)) return { message: 'is set twice', fix: 'set it once' };
  const given = (['string', 'array', 'map'] as const).filter((collection) => setting[collection] != null);
  if (given.length === 1 && given[0] === parameter.collection) return undefined;
  return { message: `is set as ${given.join(' and ') || 'nothing'}`, fix: `set its \`${parameter.collection}\`` };
}

function valueOf({ string, array, map }: Setting, { type }: Parameter): unknown {
  if (array) return array.map((member) => scalar(member, type));
  if (map) return Object.fromEntries(Object.entries(map).map(([key, member]) => [key, scalar(member, type)]));
  return scalar(string ?? '', type);
}

/** Argo CD gives every value as text. What does not fit stays text, so that the schema says what is wrong with it. */
function scalar(text: string, type: Parameter['type']): unknown {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (type === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  return text;
}

function put(spec: Readonly<Record<string, unknown>>, [key = '', ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  const present = spec[key];
  if (rest.length > 0) return { ...spec, [key]: present === undefined || isMapping(present) ? put(present ?? {}, rest, value) : present };
  return { ...spec, [key]: isMapping(value) && isMapping(present) ? { ...present, ...value } : value };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
