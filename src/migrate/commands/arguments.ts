import { parseArgs } from 'node:util';

export const MIGRATE_COMMANDS = ['needed', 'in-progress', 'dry-run', 'start', 'complete', 'abort', 'version'] as const;
export type MigrateCommand = (typeof MIGRATE_COMMANDS)[number];

export interface MigrateOptions {
  readonly apiconfigv1?: string;
  readonly apiconfigv3?: string;
  readonly outputDir?: string;
  readonly ignoreV3Data: boolean;
  readonly noPrompts: boolean;
  readonly force: boolean;
  readonly output: 'text' | 'json';
  readonly logLevel: LogLevel;
}

export const LOG_LEVELS = ['panic', 'fatal', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

interface OptionRow {
  /** Absent: a switch. */
  readonly value?: string;
  readonly short?: string;
  readonly summary: string;
}

/** Names, order and values of upstream's command, with `--output` and `--force` added. */
export const OPTIONS = {
  apiconfigv3: { value: 'file', summary: 'how the v3 datastore is reached, YAML or JSON (default: /etc/calico/apiconfigv3.cfg if it is there, else the environment)' },
  apiconfigv1: { value: 'file', summary: 'how the v1 datastore is reached, YAML or JSON (default: /etc/calico/apiconfigv1.cfg if it is there, else the environment)' },
  'output-dir': { value: 'dir', summary: 'folder of the reports (default: calico-upgrade-report)' },
  'ignore-v3-data': { summary: 'go on though the v3 datastore holds data; what is migrated overwrites them' },
  'no-prompts': { summary: 'do not ask' },
  force: { summary: 'complete or abort against what the state of the migration says, and whoever is at work' },
  output: { value: 'format', summary: 'text, or json for programs: one object on the standard output, texts on the standard error (default: text)' },
  'log-level': { value: 'level', short: 'l', summary: 'what goes to the standard error: panic, fatal, error, warn, info or debug (default: panic)' },
  help: { short: 'h', summary: 'how it is used' },
} as const satisfies Readonly<Record<string, OptionRow>>;
type OptionName = keyof typeof OPTIONS;

const COMMON: readonly OptionName[] = ['apiconfigv3', 'apiconfigv1', 'output', 'log-level', 'help'];
const OWN: Readonly<Record<MigrateCommand, readonly OptionName[]>> = {
  needed: [...COMMON, 'no-prompts'],
  'in-progress': [...COMMON, 'no-prompts'],
  'dry-run': [...COMMON, 'output-dir', 'ignore-v3-data'],
  start: [...COMMON, 'output-dir', 'ignore-v3-data', 'no-prompts'],
  complete: [...COMMON, 'no-prompts', 'force'],
  abort: [...COMMON, 'no-prompts', 'force'],
  version: ['log-level', 'help'],
};

export function optionsOf(command: MigrateCommand): readonly OptionName[] {
  return OWN[command];
}

export type Parsed =
  | { readonly is: 'command'; readonly command: MigrateCommand; readonly options: MigrateOptions }
  | { readonly is: 'help'; readonly command?: MigrateCommand }
  | { readonly is: 'version' }
  /** `text` of what is wrong. */
  | { readonly is: 'wrong'; readonly text: string; readonly command?: MigrateCommand };

/**
 * Reads the arguments as upstream's command does: options anywhere, `--option value` or `--option=value`, long options shortened to what is unique.
 * What upstream takes for a success (no command, unknown options) is wrong here.
 */
export function parseArguments(argv: readonly string[]): Parsed {
  const at = commandAt(argv);
  if (at === undefined) {
    if (argv.some((word) => word === '-h' || isShort(word, 'help'))) return { is: 'help' };
    if (argv.some((word) => isShort(word, 'version'))) return { is: 'version' };
    return { is: 'wrong', text: argv.length === 0 ? 'no command is given' : `no command is given beside ${argv.join(' ')}` };
  }
  const word = argv[at] ?? '';
  const command = word === 'inprogress' ? 'in-progress' : MIGRATE_COMMANDS.find((one) => one === word);
  if (!command) return { is: 'wrong', text: `Unknown command: ${JSON.stringify(word)}` };
  return parseOptions(command, argv.toSpliced(at, 1));
}

/** The first word that is neither an option nor the value of `--log-level`. */
function commandAt(argv: readonly string[]): number | undefined {
  const at = argv.findIndex((word, index) => !word.startsWith('-') && !takesNext(argv[index - 1]));
  return at < 0 ? undefined : at;
}

function takesNext(word: string | undefined): boolean {
  return word !== undefined && (word === '-l' || Object.entries(OPTIONS).some(([name, row]) => 'value' in row && !word.includes('=') && isShort(word, name)));
}

/** Whether a word is an option's name or the beginning of it. */
function isShort(word: string, name: string): boolean {
  return word.length > 3 && word.startsWith('--') && `--${name}`.startsWith(word);
}

function parseOptions(command: MigrateCommand, words: readonly string[]): Parsed {
  const wrong = (text: string): Parsed => ({ is: 'wrong', text, command });
  const names = OWN[command];
  const expanded: string[] = [];
  for (const word of words) {
    const [, written, rest = ''] = /^--([^=]+)(=.*)?$/s.exec(word) ?? [];
    const meant = written === undefined || names.includes(written as OptionName) ? [written] : names.filter((name) => name.startsWith(written));
    if (meant.length > 1) return wrong(`--${written} may be ${meant.map((name) => `--${name}`).join(' or ')}`);
    expanded.push(written === undefined ? word : `--${meant[0] ?? written}${rest}`);
  }
  try {
    const options = Object.fromEntries(names.map((name) => [name, rowOf(name)]));
    const { values } = parseArgs({ args: expanded, options, strict: true, allowPositionals: false });
    return values['help'] === true ? { is: 'help', command } : checked(command, values);
  } catch (error) {
    return wrong(error instanceof Error ? (error.message.split(/\. (?=To specify|Did you)/)[0] ?? error.message) : String(error));
  }
}

function rowOf(name: OptionName): { readonly type: 'string' | 'boolean'; readonly short?: string } {
  const row: OptionRow = OPTIONS[name];
  return { type: row.value === undefined ? 'boolean' : 'string', ...(row.short !== undefined && { short: row.short }) };
}

function checked(command: MigrateCommand, values: Readonly<Record<string, unknown>>): Parsed {
  const text = (name: OptionName): string | undefined => values[name] as string | undefined;
  const [output = 'text', logLevel = 'panic'] = [text('output'), text('log-level')];
  if (output !== 'text' && output !== 'json') return { is: 'wrong', command, text: `--output ${output}: expected text or json; the folder of the reports is --output-dir` };
  const level = LOG_LEVELS.find((one) => one === logLevel);
  if (!level) return { is: 'wrong', command, text: `Unknown log level: ${logLevel}, expected one of: ${LOG_LEVELS.join(', ')}` };
  const [apiconfigv1, apiconfigv3, outputDir] = [text('apiconfigv1'), text('apiconfigv3'), text('output-dir')];
  const options = {
    ...(apiconfigv1 !== undefined && { apiconfigv1 }),
    ...(apiconfigv3 !== undefined && { apiconfigv3 }),
    ...(outputDir !== undefined && { outputDir }),
    ignoreV3Data: values['ignore-v3-data'] === true,
    noPrompts: values['no-prompts'] === true,
    force: values['force'] === true,
    output,
    logLevel: level,
  } as const;
  return { is: 'command', command, options };
}
