import { readFile, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { buffer as readAll } from 'node:stream/consumers';
import type { Source } from '../sequencers/manifests/documents.ts';
import { decodeUtf8, Unreadable } from '../spec/read-text.ts';

/** The files of one application; a text that says why there are none. @param command reads the standard input, for the advice on charts */
export async function readSources(path: string, stdin: NodeJS.ReadableStream, command = 'hookwave lint -'): Promise<readonly Source[] | string> {
  try {
    if (path === '-') return [{ file: 'stdin', text: decodeUtf8(await readAll(stdin)) }];
    if (!(await stat(path)).isDirectory()) return [await readSource(path)];
    const files = await filesBelow(path);
    return files.length === 0 ? `${path} holds no .yaml, .yml or .json file` : await Promise.all(files.map(readSource));
  } catch (error) {
    if (error instanceof ChartFolder) return `${error.message} is a Helm chart; render it first: helm template ${error.message} | ${command}`;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return `${path} does not exist; name a file, a folder, or - for the standard input`;
    if (error instanceof Unreadable) return path === '-' ? `${STANDARD_INPUT} ${error.message}` : error.message;
    return `${path} can't be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** A path that was read and had nothing in it for the command. */
export function hasNoObject(path: string): string {
  return `${path === '-' ? STANDARD_INPUT : path} has no Kubernetes object`;
}

const STANDARD_INPUT = 'the standard input';

/** The templates of a chart and of those that it carries, not rendered; a text that says why there are none. */
export async function readTemplates(chart: string): Promise<readonly Source[] | string> {
  try {
    const entries = await readdir(chart, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && /\.(?:ya?ml|json|tpl|txt)$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
    const templates = files.filter((file) => relative(chart, file).split(sep).includes('templates')).sort();
    return templates.length === 0 ? `${chart} is no chart: it has no templates` : await Promise.all(templates.map(readSource));
  } catch (error) {
    return `${chart} can't be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function readSource(file: string): Promise<Source> {
  const bytes = await readFile(file);
  try {
    return { file, text: decodeUtf8(bytes) };
  } catch (cause) {
    throw new Unreadable(`${file} ${cause instanceof Unreadable ? cause.message : String(cause)}`, { cause });
  }
}

/** Its message is the folder. */
class ChartFolder extends Error {}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some(({ name }) => name === 'Chart.yaml') && entries.some(({ name }) => name === 'templates')) {
    throw new ChartFolder(folder);
  }
  const nested = await Promise.all(
    entries
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
      .map((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? filesBelow(path) : /\.(?:ya?ml|json)$/.test(entry.name) ? [path] : [];
      }),
  );
  return nested.flat();
}
