import { lintManifests } from '../sequencers/lint/lint.ts';
import type { Engine } from '../sequencers/lint/model.ts';
import { LEVELS, type Finding, type Level } from '../sequencers/lint/rule.ts';
import { rules } from '../sequencers/lint/rules/index.ts';
import { toSarif } from '../sequencers/lint/sarif.ts';
import { nearest } from '../sequencers/lint/spelling.ts';
import { formatFinding, formatSummary } from '../sequencers/lint/text.ts';
import { VERSION } from '../version.ts';
import type { ExitCode, Io } from './io.ts';
import { startProgress } from './progress.ts';
import { hasNoObject, readSources, readTemplates } from './read-sources.ts';

export interface LintCommand {
  /** Files, folders, or `-` for the standard input; each is one application. */
  readonly paths: readonly string[];
  /** @default text */
  readonly output?: 'text' | 'json' | 'sarif';
  /** Least level that is printed. @default info */
  readonly level?: Level;
  /** Codes left out. @default none */
  readonly ignore?: readonly string[];
  /** @default auto */
  readonly engine?: Engine;
  /** @default false */
  readonly fleet?: boolean;
  /** Sync options of the Application. @default none */
  readonly syncOption?: readonly string[];
  /** @default false */
  readonly selfHeal?: boolean;
  /** Folder of the chart that the one path is rendered from. */
  readonly chart?: string;
  /** File or folder: the manifests of the release before the one path. */
  readonly previous?: string;
  /** Where `-` is read from. @default the standard input */
  readonly stdin?: NodeJS.ReadableStream;
}

/** Judges manifests. Exit code 0: nothing found, or warnings only; 1: errors found; 2: input that can't be read or has no object, or an unknown code. */
export async function lint(command: LintCommand, io: Io): Promise<ExitCode> {
  const { paths, output = 'text', level = 'info', ignore = [] } = command;
  const unknown = ignore.filter((code) => !rules.some((rule) => rule.code === code));
  if (unknown.length > 0) return refuse(unknown.map(explainCode), io);
  const stdin = command.stdin ?? process.stdin;
  const read = await Promise.all(paths.map((path) => readSources(path, stdin)));
  const [previous, templates] = await Promise.all([command.previous === undefined ? [] : readSources(command.previous, stdin), command.chart === undefined ? [] : readTemplates(command.chart)]);
  const problems = [...read, previous, templates].filter((one) => typeof one === 'string');
  if (paths.length > 1 && (command.chart ?? command.previous) !== undefined) problems.push('--chart and --previous go with one path: each path is an application of its own');
  if (problems.length > 0) return refuse(problems, io);
  const applications = read.filter((one) => typeof one !== 'string');
  const options = { ...optionsOf(command), ...(typeof previous !== 'string' && { previous }), ...(typeof templates !== 'string' && { templates }) };
  const progress = await startProgress({ title: 'lint', total: applications.flat().reduce((sum, { text }) => sum + text.length, 0) }, io);
  let characters = 0;
  const results = applications.map((sources) => lintManifests(sources, options, (length) => progress.update((characters += length))));
  progress.end();
  // As kubectl does: a template that failed before the pipe must not pass for one without faults.
  const empty = paths.filter((_path, index) => results[index]?.objects === 0 && results[index].findings.length === 0);
  if (empty.length > 0) return refuse(empty.map(hasNoObject), io);
  const found = results.flatMap(({ findings }) => findings).filter(({ code }) => !ignore.includes(code));
  const shown = found.filter((finding) => LEVELS.indexOf(finding.level) <= LEVELS.indexOf(level));
  write({ shown, found, output, objects: results.reduce((sum, { objects }) => sum + objects, 0) }, io);
  return found.some((finding) => finding.level === 'error') ? 1 : 0;
}

function optionsOf({ engine = 'auto', fleet = false, syncOption = [], selfHeal = false }: LintCommand) {
  return { engine, fleet, syncOptions: syncOption, selfHeal };
}

function refuse(problems: readonly string[], io: Io): ExitCode {
  io.err(problems.map((problem) => `error: ${problem}\n`).join(''));
  return 2;
}

function explainCode(code: string): string {
  const meant = nearest(code, rules.map((rule) => rule.code), 4);
  return `there is no rule ${code}; ${meant ? `did you mean ${meant}?` : 'docs/reference/lint.md lists them'}`;
}

interface Report {
  readonly shown: readonly Finding[];
  readonly found: readonly Finding[];
  readonly output: NonNullable<LintCommand['output']>;
  readonly objects: number;
}

function write({ shown, found, output, objects }: Report, io: Io): void {
  if (output === 'sarif') return io.out(`${JSON.stringify(toSarif(shown, VERSION), null, 2)}\n`);
  if (output === 'json') return io.out(`${JSON.stringify({ objects, findings: shown }, null, 2)}\n`);
  const colour = io.interactive && !process.env['NO_COLOR'] ? paint : undefined;
  io.out(shown.map((finding) => formatFinding(finding, colour)).join(''));
  io.err(`${formatSummary(found, objects)}\n`);
}

const COLOURS: Readonly<Record<Level, number>> = { error: 31, warning: 33, info: 36 };

function paint(level: Level, text: string): string {
  return `\u001b[${COLOURS[level]}m${text}\u001b[0m`;
}
