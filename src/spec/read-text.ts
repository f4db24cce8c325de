import { readFile } from 'node:fs/promises';

/** Ends the sentence that begins with the file's name: `is a folder`, `is not UTF-8 text`. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

const REASONS: Readonly<Record<string, string>> = {
  EISDIR: 'is a folder',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ELOOP: 'is a symbolic link that leads back to itself',
  ENAMETOOLONG: 'is longer than a path can be',
};

/** The text of a file with every byte of it, a byte order mark included; `undefined` when there is no such file. @throws Unreadable */
export async function readText(path: string): Promise<string | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Unreadable(REASONS[code] ?? `can't be read (${code})`, { cause: error });
  }
  return decodeUtf8(bytes);
}

/** Bytes that are no UTF-8 are refused: replaced in silence, two different files would have one digest. @throws Unreadable */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Unreadable('is not UTF-8 text', { cause });
  }
}
