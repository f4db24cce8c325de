import { CommanderError } from 'commander';
import { formatProblems, InvalidInput } from '../spec/problem.ts';
import { adviceOn } from './connect.ts';
import { CommandFailed, type ExitCode, type Io, WrongArgument } from './io.ts';
import { handleOutputErrors } from './output-errors.ts';
import { program } from './program.ts';

const io: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  interactive: process.stdout.isTTY,
  errInteractive: process.stderr.isTTY,
  columns: process.stdout.columns,
};

handleOutputErrors(process.stdout, (message) => {
  io.err(`error: ${message}\n`);
  process.exit(1);
});
handleOutputErrors(process.stderr, () => process.exit(1));
/** Runs one command. Never throws: what went wrong is on the standard error. */
export async function commandLine(args: readonly string[]): Promise<ExitCode> {
  const result: { code: ExitCode } = { code: 0 };
  try {
    await program(io, result, args).parseAsync(args, { from: 'user' });
    return result.code;
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): ExitCode {
  if (error instanceof InvalidInput) {
    io.err(`${formatProblems(error.problems)}\n${error.message}; nothing was written\n`);
    return 2;
  }
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  io.err(`error: ${error instanceof Error ? error.message : String(error)}${adviceOn(error)}\n`);
  if (error instanceof WrongArgument) return 2;
  if (!(error instanceof CommandFailed) && error instanceof Error && process.env['HOOKWAVE_DEBUG']) io.err(`${error.stack}\n`);
  return 1;
}
