import { parse, stringify } from 'yaml';
import * as z from 'zod';
import type { Problem } from './problem.ts';
import { YAML_STYLE } from '../yaml-style.ts';

/** Beside the spec; committed. Pins every vendored file. */
export const LOCK_FILE = 'hookwave.lock';

const schema = z.strictObject({
  version: z.literal(1),
  files: z.record(
    z.string(),
    z.strictObject({
      /** Where `hookwave vendor` took it from: a URL, or the path that was given. */
      source: z.string(),
      /** Hex SHA-256 of the file. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

export type LockFile = z.output<typeof schema>;

export const EMPTY_LOCK: LockFile = { version: 1, files: {} };

export function parseLock(file: string, text: string): { readonly lock: LockFile; readonly problems: readonly Problem[] } {
  try {
    const parsed = schema.safeParse(parse(text));
    if (parsed.success) return { lock: parsed.data, problems: [] };
    return { lock: EMPTY_LOCK, problems: parsed.error.issues.map((issue) => damaged(file, issue.path.join('.'), issue.message)) };
  } catch (error) {
    return { lock: EMPTY_LOCK, problems: [damaged(file, '', error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))] };
  }
}

export function formatLock(lock: LockFile): string {
  const files = Object.fromEntries(Object.entries(lock.files).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `# Written by \`hookwave vendor\`: the vendor files that specs beside this file may use.\n${stringify({ version: 1, files }, YAML_STYLE)}`;
}

function damaged(file: string, path: string, message: string): Problem {
  return { file, path, message, fix: 'restore the file from Git, or delete it and run `hookwave vendor` for each file again' };
}
