import type { z } from 'zod';
import type { ParamsSchema } from '../steps/step.ts';

export interface ParsedParams {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly problems: readonly string[];
}

/** Turns flag texts into what the schema expects and checks it: numbers, `true` and `false`, lists joined by commas. */
export function parseParams(schema: ParamsSchema, flags: ReadonlyMap<string, string>): ParsedParams {
  const values = Object.entries(schema.shape).flatMap(([key, type]) => {
    const text = flags.get(flagName(key));
    return text === undefined ? [] : [[key, valueOf(type, text)] as const];
  });
  const { success, data, error } = schema.safeParse(Object.fromEntries(values));
  if (success) return { params: data, problems: [] };
  return { problems: error.issues.map(({ path, message }) => `--${flagName(String(path[0]))}: ${message}`) };
}

/** `stableSeconds` is the flag `--stable-seconds`. */
export function flagName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A text that does not fit is left as it is: the schema says what it expected. */
function valueOf(type: z.core.$ZodType, text: string): unknown {
  const { def } = (type as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
      return valueOf(def.innerType, text);
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'array':
      return text === '' ? [] : text.split(',').map((part) => valueOf(def.element, part));
    default:
      return text;
  }
}
