import type { z } from 'zod';
import { ConversionError } from '../convert/resource.ts';
import type { Outcome, V1Entry, V3Resource } from '../model.ts';
import type { NamesInUse } from '../names-in-use.ts';
import { v1KeyText, type V1Key, type V1KeyOf } from '../v1/keys.ts';
import { parseValue } from '../v1/parse-value.ts';
import { conversionError, isKeyed, judge, keyed } from './part.ts';

export interface Each<Is extends V1Key['is'], T> {
  readonly is: Is;
  /** What is left behind on purpose, and why. */
  readonly skip?: (key: V1KeyOf<Is>) => Outcome | undefined;
  readonly schema: z.ZodType<T>;
  /** May throw ConversionError. */
  readonly convert: (key: V1KeyOf<Is>, value: T) => V3Resource;
  readonly scope?: string;
}

/** Entries that are one object each: parse, convert, judge. */
export function* convertEach<Is extends V1Key['is'], T>(entries: readonly V1Entry[], names: NamesInUse, each: Each<Is, T>): Generator<Outcome> {
  for (const entry of entries) {
    const one = keyed(entry);
    if (!isKeyed(one)) yield one;
    else if (one.key.is === each.is) yield* convertOne(one.key as V1KeyOf<Is>, one.value, names, each);
  }
}

function* convertOne<Is extends V1Key['is'], T>(key: V1KeyOf<Is>, json: string, names: NamesInUse, { skip, schema, convert, scope }: Each<Is, T>): Generator<Outcome> {
  const left = skip?.(key);
  if (left) return void (yield left);
  const parsed = parseValue(schema, json);
  if ('problem' in parsed) return void (yield conversionError(key, parsed.problem));
  const converted = attempt(() => convert(key, parsed.value));
  if ('problem' in converted) return void (yield conversionError(key, converted.problem));
  yield* judge(converted.resource, names, { v1: v1KeyText(key), ...(scope !== undefined && { scope }) });
}

/** Turns a ConversionError into data. */
export function attempt(convert: () => V3Resource): { readonly resource: V3Resource } | { readonly problem: string } {
  try {
    return { resource: convert() };
  } catch (error) {
    if (error instanceof ConversionError) return { problem: error.message };
    throw error;
  }
}
