import { VERSION } from '../../version.ts';
import { parseArguments, type MigrateCommand } from './arguments.ts';
import type { Ending, Invocation } from './command.ts';
import { sayTo } from './say.ts';
import type { Surroundings } from './surroundings.ts';
import { usage } from './usage.ts';

/** `migrate COMMAND ...`: the exit code. Wrong arguments are 2 with every command, so that no script takes them for an answer. */
export async function migrate(argv: readonly string[], around: Surroundings): Promise<0 | 1 | 2> {
  const parsed = parseArguments(argv);
  switch (parsed.is) {
    case 'help':
      around.out(usage(around.program, parsed.command));
      return 0;
    case 'version':
      around.out(`${around.program} version v${VERSION}\n`);
      return 0;
    case 'wrong':
      around.err(`${parsed.text}\n\n${usage(around.program, parsed.command)}`);
      around.out(`Invalid option:\n  ${[around.program, ...argv].join(' ')}\nUse flag '--help' to read about a specific subcommand.\n`);
      return 2;
    case 'command':
      return run(parsed.command, { options: parsed.options, around });
  }
}

async function run(command: MigrateCommand, { options, around }: Omit<Invocation, 'say'>): Promise<0 | 1 | 2> {
  const json = options.output === 'json';
  const say = sayTo(json ? around.err : around.out);
  const work = await load(command);
  const { exitCode, result } = await work({ options, around, say });
  if (json) around.out(`${JSON.stringify({ command, exitCode, ...result }, null, 2)}\n`);
  return exitCode;
}

/** Each command loads what it needs. */
async function load(command: MigrateCommand): Promise<(invocation: Invocation) => Promise<Ending>> {
  switch (command) {
    case 'needed':
      return (await import('./status.ts')).needed;
    case 'in-progress':
      return (await import('./status.ts')).inProgress;
    case 'dry-run':
      return (await import('./dry-run.ts')).dryRun;
    case 'start':
      return (await import('./start.ts')).start;
    case 'complete':
      return (await import('./finish.ts')).complete;
    case 'abort':
      return (await import('./finish.ts')).abort;
    case 'version':
      return version;
  }
}

async function version({ say }: Invocation): Promise<Ending> {
  say.line(`Client Version:    v${VERSION}`);
  say.line('Build date:        unknown');
  say.line('Git commit:        unknown');
  return { exitCode: 0, result: { version: `v${VERSION}` } };
}
