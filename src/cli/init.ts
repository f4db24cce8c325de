import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { kinds } from '../../charts/index.ts';
import { RUNNER_IMAGE } from '../version.ts';
import { CommandFailed, type Io, WrongArgument } from './io.ts';
import { makeFolder } from './make-folder.ts';

export interface InitOptions {
  /** Kind of upgrade, in any case. */
  readonly kind: string;
  readonly file: string;
  /** Writes the JSON Schema beside the spec, for editors. @default false */
  readonly schema?: boolean;
}

const SCHEMA_FILE = 'hookwave.schema.json';

/** Writes a commented spec to begin with. @throws WrongArgument for an unknown kind; CommandFailed when the file exists or can't be written. */
export async function init({ kind, file, schema = false }: InitOptions, io: Io): Promise<void> {
  const found = kinds.find((known) => known.kind.toLowerCase() === kind.toLowerCase());
  if (!found) throw new WrongArgument(`${kind} is not a kind that hookwave knows; use one of ${kinds.map((known) => known.kind).join(', ')}`);
  await makeFolder(dirname(file)).catch((error: unknown) => cannotWrite(file, error));
  try {
    await writeFile(file, schema ? `# yaml-language-server: $schema=${SCHEMA_FILE}\n${found.template}` : found.template, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new CommandFailed(`${file} exists already; name another file with -f FILE`);
    cannotWrite(file, error);
  }
  if (schema) await writeFile(join(dirname(file), SCHEMA_FILE), (await import('./schema.ts')).schemaText());
  const [inFolder, ofFile] = [dirname(file) === '.' ? '' : ` -C ${dirname(file)}`, file === 'hookwave.yaml' ? '' : ` -f ${file}`];
  io.err(`${file}: fill in what stands in <ANGLE BRACKETS>, store the vendor's manifest with \`hookwave vendor${inFolder} URL\`, then run \`hookwave plan${ofFile}\`
The hooks will run ${RUNNER_IMAGE}: build it from deploy/Dockerfile and push it there, or name your copy in spec.runner.image\n`);
}

function cannotWrite(file: string, error: unknown): never {
  throw new CommandFailed(`${file} can't be written: ${error instanceof Error ? error.message : String(error)}; name another file with -f FILE`, { cause: error });
}
