import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, normalize, relative, resolve } from 'node:path';
import { messageOf } from '../kube/retry.ts';
import { sha256 } from '../spec/sha256.ts';
import { EMPTY_LOCK, formatLock, LOCK_FILE, parseLock, type LockFile } from '../spec/lock-file.ts';
import { splitManifest, yamlErrors } from '../spec/manifest-text.ts';
import { filePath } from '../spec/fields.ts';
import { InvalidInput } from '../spec/problem.ts';
import { decodeUtf8, readText, Unreadable } from '../spec/read-text.ts';
import { CommandFailed, type Io, WrongArgument } from './io.ts';
import { isFolder, makeFolder } from './make-folder.ts';
import { startProgress } from './progress.ts';

export interface VendorOptions {
  /** URL or file of the vendor's manifest. */
  readonly source: string;
  /** Folder of the spec. */
  readonly directory: string;
  /** Where to store it, relative to the folder. @default vendor/<last part of the source> */
  readonly as?: string;
}

const DOWNLOAD_SECONDS = 60;
const SPEC_FILE = 'hookwave.yaml';

/**
 * Stores a vendor's manifest beside the spec and pins its SHA-256 in the lock file. A file that already lies below the folder stays where it is.
 * @throws WrongArgument for an empty source or a folder that is not there
 * @throws CommandFailed when it can't be had or holds no Kubernetes objects; nothing is written then.
 */
export async function vendor({ source, directory, as }: VendorOptions, io: Io): Promise<void> {
  if (source === '') throw new WrongArgument('the source is empty; name an existing file or a URL');
  if (!(await isFolder(directory))) throw new WrongArgument(`${directory} is no folder; -C names the folder of the spec`);
  const url = /^https?:\/\//.test(source) ? parseUrl(source) : undefined;
  const path = placeOf(as ?? (url ? join('vendor', basename(url.pathname)) : pathBelow(directory, source)), directory);
  const text = url ? await download(url, io) : await readLocal(source);
  const objects = countObjects(url ? withoutSecrets(url) : source, text);
  const lockPath = join(directory, LOCK_FILE);
  const lock = await readLock(lockPath);
  await writeWhole(join(directory, path), text);
  const entry = { source: url ? withoutSecrets(url) : basename(source), sha256: sha256(text) };
  await writeWhole(lockPath, formatLock({ ...lock, files: { ...lock.files, [path]: entry } }));
  io.err(`${join(directory, path)}: ${objects} objects, sha256 ${entry.sha256.slice(0, 12)}… pinned in ${lockPath}\n`);
}

function parseUrl(source: string): URL {
  if (URL.canParse(source)) return new URL(source);
  throw new CommandFailed('that is not a URL; name an existing file or a URL such as https://example.com/calico.yaml');
}

/** What is written down and shown of a URL: passwords and tokens, which lie before the host and behind `?` and `#`, would go into Git and into the logs of CI. */
function withoutSecrets({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

/** A place that a spec can name, and that is none of hookwave's own files. */
function placeOf(wanted: string, directory: string): string {
  const path = normalize(wanted);
  const isFile = filePath.safeParse(path).success && path !== '.' && path !== 'vendor' && !path.endsWith('/');
  if (!isFile) throw new CommandFailed(`${wanted} is not a file below ${directory}; name a place with --as vendor/NAME.yaml`);
  if (path === LOCK_FILE || path === SPEC_FILE) throw new CommandFailed(`${path} is hookwave's own file and would be overwritten; name another place with --as vendor/NAME.yaml`);
  return path;
}

async function download(url: URL, io: Io): Promise<string> {
  const shown = withoutSecrets(url);
  try {
    const response = await fetch(`${shown}${url.search}`, { headers: credentialsOf(url), signal: AbortSignal.timeout(DOWNLOAD_SECONDS * 1000) });
    if (!response.ok) throw new CommandFailed(`${shown} answered ${response.status} ${response.statusText}; check the release and the file name`);
    return await readBody(response, io);
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    if (error instanceof Unreadable) throw new CommandFailed(`${shown} ${error.message}; is it the right file?`);
    throw new CommandFailed(`${shown} could not be downloaded (${reasonOf(error)}); check the address, or download it yourself and run \`hookwave vendor FILE\``, { cause: error });
  }
}

/** `fetch` takes no URL with a user name; it sends the header only to the host of the URL, not where that redirects to. */
function credentialsOf({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  return { authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` };
}

/** `fetch` says only that it failed; the reason is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no whole answer within ${DOWNLOAD_SECONDS} s`;
  return error.cause instanceof Error ? messageOf(error.cause) : error.message;
}

async function readBody({ body, headers }: Response, io: Io): Promise<string> {
  const progress = await startProgress({ title: 'download', total: Number(headers.get('content-length') ?? 0) }, io);
  const chunks: Uint8Array[] = [];
  let received = 0;
  try {
    for await (const chunk of body ?? []) {
      chunks.push(chunk);
      progress.update((received += chunk.length));
    }
  } finally {
    progress.end();
  }
  return decodeUtf8(Buffer.concat(chunks));
}

async function readLocal(path: string): Promise<string> {
  const text = await readText(path).catch((error: unknown) => {
    throw new CommandFailed(`${path} ${error instanceof Unreadable ? error.message : "can't be read"}; name an existing file or a URL`, { cause: error });
  });
  if (text === undefined) throw new CommandFailed(`${path} does not exist; name an existing file or a URL`);
  return text;
}

function countObjects(source: string, text: string): number {
  try {
    const documents = splitManifest(text);
    const [error, ...more] = yamlErrors(documents);
    if (error) throw new Error(`${error}${more.length > 0 ? `, and ${more.length} more like it` : ''}`);
    if (documents.length > 0) return documents.length;
  } catch (error) {
    throw new CommandFailed(`${source} is no Kubernetes manifest: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new CommandFailed(`${source} holds no Kubernetes object; is it the right file?`);
}

function pathBelow(directory: string, source: string): string {
  const path = relative(resolve(directory), resolve(source));
  return path.startsWith('..') ? join('vendor', basename(source)) : path;
}

async function readLock(path: string): Promise<LockFile> {
  const text = await readText(path).catch((error: unknown) => {
    throw new CommandFailed(`${path} ${error instanceof Unreadable ? error.message : "can't be read"}; move it away, then run \`hookwave vendor\` again for every file that it pinned`, { cause: error });
  });
  if (text === undefined) return EMPTY_LOCK;
  const { lock, problems } = parseLock(path, text);
  if (problems.length > 0) throw new InvalidInput(problems);
  return lock;
}

async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.hookwave-tmp`;
  try {
    await makeFolder(dirname(path));
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new CommandFailed(`${path} can't be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
