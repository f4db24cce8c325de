import type { Datastores } from '../config/datastores.ts';
import type { Env } from '../config/environment.ts';
import type { ReadFile } from '../config/read-file.ts';
import type { Migration, Progress } from '../contract.ts';

/** What commands and hooks may use of their process. */
export interface Surroundings {
  readonly env: Env;
  readonly readFile: ReadFile;
  /** Aborted on SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
  /** Current folder; undefined when it has none any more. */
  readonly cwd: string | undefined;
  /** Folder for temporary files. */
  readonly tmpdir: string;
  readonly hostname: string;
  /** How the program is called, such as `hookwave migrate`. */
  readonly program: string;
  out(text: string): void;
  err(text: string): void;
  /** A line from the standard input; undefined at its end. */
  ask(): Promise<string | undefined>;
  /** How far long work is: a bar on a terminal, lines elsewhere. */
  progress(progress: Progress): void;
  /** Ends a bar that is still there. */
  progressEnd(): void;
  /** @default the real one */
  readonly open?: (datastores: Datastores, name: string) => Promise<Migration>;
}
