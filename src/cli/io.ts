/** What commands may use of the process; tests pass their own. */
export interface Io {
  out(text: string): void;
  /** Messages and progress, for people. */
  err(text: string): void;
  /** Whether `out` is a terminal. */
  readonly interactive: boolean;
  /** Whether `err` is a terminal. @default false */
  readonly errInteractive?: boolean;
  /** Of the terminal; absent where there is none. */
  readonly columns?: number | undefined;
}

/** Exit codes of every command, and what they mean. */
export const EXIT_CODES = {
  0: 'done; for `lint`: nothing found, or warnings only; for `migrate needed` and `in-progress`: yes',
  1: 'could not be done, and the message says what to do; for `lint`: errors found; for `migrate needed` and `in-progress`: no',
  2: 'the input is wrong: spec, lock file, arguments; all problems are listed and nothing is written; for `migrate needed` and `in-progress`: unknown',
} as const;

export type ExitCode = keyof typeof EXIT_CODES;

/** An argument that can't be used; exit code 2. */
export class WrongArgument extends Error {
  override readonly name = 'WrongArgument';
}

/** A command that could not do its work; exit code 1. The message says what happened and what to do next. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}
