import * as z from 'zod';
import { filePath, release } from './fields.ts';

/** A field of a spec that may be set from outside the file, such as by an Argo CD Application. */
export interface Parameter {
  /** Path below `spec`, joined by dots: `deadlines.rollout`. */
  readonly name: string;
  readonly collection: Collection;
  /** Type of the value, of the members of a list, or of the values of a mapping. */
  readonly type: 'string' | 'boolean' | 'number';
  readonly description: string;
  readonly required: boolean;
  /** What holds when neither file nor parameter say anything; `undefined` when nothing does. */
  readonly default?: unknown;
}

export type Collection = 'string' | 'array' | 'map';

/**
 * The parameters of a kind, read from its schema: every scalar, list of scalars and mapping of scalars. Left out is what only a commit may change
 * together with the vendor's files: releases and paths of files. So are literals, and what has a shape of its own, such as patches.
 */
export function parametersOf(schema: z.ZodType): readonly Parameter[] {
  return walk(toSchema(schema), [], false);
}

interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly pattern?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
}

function walk(schema: JsonSchema, path: readonly string[], required: boolean): readonly Parameter[] {
  if (schema.properties) return Object.entries(schema.properties).flatMap(([key, member]) => walk(member, [...path, key], schema.required?.includes(key) ?? false));
  const shape = shapeOf(schema);
  if (!shape) return [];
  const { description = '', default: value } = schema;
  return [{ name: path.join('.'), ...shape, description, required, ...(value === undefined ? {} : { default: value }) }];
}

function shapeOf(schema: JsonSchema): Pick<Parameter, 'collection' | 'type'> | undefined {
  const scalar = scalarOf(schema);
  if (scalar) return { collection: 'string', type: scalar };
  const item = schema.items && scalarOf(schema.items);
  if (item) return { collection: 'array', type: item };
  const value = typeof schema.additionalProperties === 'object' && scalarOf(schema.additionalProperties);
  return value ? { collection: 'map', type: value } : undefined;
}

function scalarOf({ type, pattern, ...schema }: JsonSchema): Parameter['type'] | undefined {
  if ('const' in schema || (pattern !== undefined && COMMITTED.has(pattern))) return undefined;
  if (type === 'string' || type === 'boolean' || type === 'number') return type;
  return type === 'integer' ? 'number' : undefined;
}

function toSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** A field keeps the pattern of its type whatever its description. */
const COMMITTED: ReadonlySet<string | undefined> = new Set([release, filePath].map((type) => toSchema(type).pattern));
