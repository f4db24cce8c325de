/** The image's command: `run STEP --key=value ...`, the hooks and commands of the datastore migration, `version`, `help`. The only file of the runner that touches the process. */
import { writeFileSync } from 'node:fs';
import { systemClock } from '../kube/system-clock.ts';
import { STEPS } from '../steps/index.run.ts';
import { VERSION } from '../version.ts';
import { parseArguments } from './args.ts';
import { podIdentity, stepContext } from './context.ts';
import { execute, type Ending } from './execute.ts';
import { EXIT } from './exit-codes.ts';
import { Interrupted } from './explain.ts';
import { HOOKS, runMigrate } from './hooks.ts';
import { jsonReporter } from './reporter.ts';
import { lastWords } from './termination.ts';
import { UsageError } from './usage-error.ts';

const USAGE = 'usage: run STEP --upgrade= --hooks-namespace= --plan= --deadline-seconds= [--key=value ...] | node-init | controller-init | completion-job | migrate COMMAND ... | version | help';

main(process.argv.slice(2)).then(
  ({ exitCode, words }) => {
    if (words) writeTerminationMessage(words);
    process.exit(exitCode);
  },
  (error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${text}\n`);
    writeTerminationMessage(text);
    process.exit(error instanceof UsageError ? EXIT.usage : EXIT.failed);
  },
);

async function main([command, ...rest]: readonly string[]): Promise<{ readonly exitCode: number; readonly words: string }> {
  if (command === 'run') return run(rest);
  if (command === 'migrate') return runMigrate(rest);
  if (command !== undefined && Object.hasOwn(HOOKS, command)) return HOOKS[command as keyof typeof HOOKS]();
  if (command === 'version') process.stdout.write(`hookwave-runner v${VERSION}\n`);
  else if (command === 'help') process.stdout.write(`${USAGE}\n\nsteps:\n${Object.keys(STEPS).map((name) => `  ${name}\n`).join('')}`);
  else throw new UsageError([command === undefined ? 'no command' : `unknown command ${command}`], USAGE);
  return { exitCode: EXIT.ok, words: '' };
}

async function run([name = '', ...flags]: readonly string[]): Promise<Ending> {
  const load = Object.hasOwn(STEPS, name) ? STEPS[name] : undefined;
  if (!load) throw new UsageError([`${name === '' ? 'no step' : `unknown step ${name}`}; there are: ${Object.keys(STEPS).join(', ')}`], USAGE);
  const step = await load();
  const { identity, deadlineSeconds, params } = parseArguments(step.definition, flags);
  const report = jsonReporter(name, systemClock, (line) => void process.stdout.write(line));
  const context = stepContext({ identity, report, signal: stopSignal(deadlineSeconds), pod: podIdentity(process.env), environment: process.env });
  return execute({ step, params, context });
}

/** A longer timer would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Aborted on SIGTERM, SIGINT and at the deadline. */
function stopSignal(deadlineSeconds: number): AbortSignal {
  const controller = new AbortController();
  const stop = (why: string) => (): void => controller.abort(new Interrupted(why));
  process.on('SIGTERM', stop('interrupted'));
  process.on('SIGINT', stop('interrupted'));
  setTimeout(stop(`not finished within ${deadlineSeconds} s`), Math.min(deadlineSeconds * 1000, MAX_TIMER_MS));
  return controller.signal;
}

/** Where the kubelet looks; there is no such file outside a Pod. */
function writeTerminationMessage(text: string): void {
  try {
    writeFileSync('/dev/termination-log', lastWords(text), { flag: 'r+' });
  } catch {
    // Outside a Pod, or not writable: the last words are on stdout, too.
  }
}
