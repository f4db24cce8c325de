import { dirname, join } from 'node:path';
import type { Choice } from './choose-document.ts';
import type { ParsedSpec } from './document-reader.ts';
import { sha256 } from './sha256.ts';
import type { InputFile, SpecKind, Upgrade } from './kind.ts';
import { EMPTY_LOCK, LOCK_FILE, parseLock, type LockFile } from './lock-file.ts';
import { parseSpecs, type ParseResult } from './parse.ts';
import { InvalidInput, type Problem } from './problem.ts';
import { readText, Unreadable } from './read-text.ts';

export interface LoadedUpgrade {
  readonly kind: SpecKind;
  readonly upgrade: Upgrade<unknown>;
}

/**
 * Reads a spec file, its lock file and every vendor file it names.
 * @param choice takes one spec of the file and sets parameters on it; without it all specs are taken as they are
 * @throws InvalidInput with all problems of all specs.
 */
export async function loadSpecs(file: string, kinds: readonly SpecKind[], choice?: Choice): Promise<readonly LoadedUpgrade[]> {
  const { specs, problems } = await readSpecs(file, kinds, choice);
  const folder = dirname(file);
  const lockPath = join(folder, LOCK_FILE);
  const lockText = await readInput(lockPath);
  const lock = lockText === undefined ? { lock: EMPTY_LOCK, problems: [] } : parseLock(lockPath, lockText);
  const loaded = await Promise.all(specs.map((spec) => loadOne(folder, spec, lock.lock)));
  const all = [...problems, ...lock.problems, ...loaded.flatMap((one) => one.problems)];
  if (all.length > 0) throw new InvalidInput(all);
  return loaded.map(({ kind, upgrade }) => ({ kind, upgrade }));
}

/** Reads a spec file alone, without what it names. @throws InvalidInput when there is no such file */
export async function readSpecs(file: string, kinds: readonly SpecKind[], choice?: Choice): Promise<ParseResult> {
  const text = await readInput(file);
  if (text !== undefined) return parseSpecs(file, text, kinds, choice);
  throw new InvalidInput([{ file, path: '', message: 'does not exist', fix: 'name a spec with -f FILE, or let `hookwave init KIND` write one to begin with' }]);
}

async function loadOne(folder: string, parsed: ParsedSpec, lock: LockFile) {
  const files = new Map<string, InputFile>();
  const problems: Problem[] = [];
  const add = (path: string, message: string, fix: string): void => {
    problems.push({ ...parsed.placeOf(path.split('.')), message, fix });
  };
  for (const { path, at } of parsed.kind.files(parsed.spec)) {
    const content = await readText(join(folder, path)).catch(reasonOf);
    const pinned = lock.files[path];
    if (content instanceof Unreadable) {
      add(at, `names ${path}, which ${content.message}`, 'name a text file in UTF-8 below this folder');
    } else if (content === undefined) {
      add(at, `names ${path}, which does not exist`, `store it with \`hookwave vendor URL --as ${path}\``);
    } else if (!pinned) {
      add(at, `names ${path}, which ${LOCK_FILE} does not pin`, `pin it with \`hookwave vendor ${path}\``);
    } else if (pinned.sha256 !== sha256(content)) {
      add(at, `names ${path}, which has changed since it was pinned`, `restore it from Git, or accept the change with \`hookwave vendor ${path}\``);
    } else {
      files.set(path, { path, text: content, sha256: pinned.sha256 });
    }
  }
  const upgrade: Upgrade<unknown> = { kind: parsed.kind.kind, name: parsed.name, spec: parsed.spec, files };
  if (problems.length === 0) {
    for (const { path, message, fix } of parsed.kind.check(upgrade)) add(path, message, fix);
  }
  return { kind: parsed.kind, upgrade, problems };
}

/** The reason in place of the text of a file that is there but can't be read. */
function reasonOf(error: unknown): Unreadable {
  if (error instanceof Unreadable) return error;
  throw error;
}

/** @throws InvalidInput when the file is there but can't be read */
async function readInput(file: string): Promise<string | undefined> {
  if (file === '-') throw new InvalidInput([{ file, path: '', message: 'is no place for a spec, which names files beside it', fix: 'store it and name it with -f FILE' }]);
  const text = await readText(file).catch(reasonOf);
  if (text instanceof Unreadable) throw new InvalidInput([{ file, path: '', message: text.message, fix: 'name a text file in UTF-8' }]);
  return text;
}
