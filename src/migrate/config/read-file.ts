import { readFileSync } from 'node:fs';

/** A file's text, or why it can't be had: the code of the system, such as `ENOENT`. */
export type ReadFile = (path: string) => { readonly text: string } | { readonly error: string };

/** From the disk. */
export const readFile: ReadFile = (path) => {
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    return { error: error instanceof Error && 'code' in error ? String(error.code) : String(error) };
  }
};
