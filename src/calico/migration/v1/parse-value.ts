import type { z } from 'zod';

export type Parsed<T> = { readonly value: T } | { readonly problem: string };

/** Reads the JSON of a v1 value. The problem is a sentence part with the path of each fault. */
export function parseValue<T>(schema: z.ZodType<T>, json: string): Parsed<T> {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    return { problem: `the value is not JSON: ${JSON.stringify(json.length > 60 ? `${json.slice(0, 60)}...` : json)}` };
  }
  const result = schema.safeParse(data);
  return result.success ? { value: result.data } : { problem: `the value can't be read: ${result.error.issues.map(describe).join('; ')}` };
}

function describe({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}
