import type { Upgrade } from './kind.ts';

/** The text of a file that the spec refers to. @throws Error when it was not loaded: the kind does not list it among its files */
export function fileText({ files }: Pick<Upgrade<unknown>, 'files'>, path: string): string {
  const file = files.get(path);
  if (!file) throw new Error(`${path} was not loaded`);
  return file.text;
}
