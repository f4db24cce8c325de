/** What commands may use of the process; tests pass their own. */
export interface Io {
  out(text: string): void;
  /** Messages and progress, for people. */
  err(text: string): void;
  /** Whether `out` is a terminal. */
  readonly interactive: boolean;
}

export type ExitCode = 0 | 1 | 2;

/** A command that could not do its work; exit code 1. The message says what happened and what to do next. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}
