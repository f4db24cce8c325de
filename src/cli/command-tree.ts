import type { Argument, Command, Option } from 'commander';

/** A command as data: what the reference lists and what shells complete. */
export interface CommandNode {
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly ArgumentNode[];
  readonly options: readonly OptionNode[];
}

export interface ArgumentNode {
  /** As in the usage: `<name>`, `[name]`, `<paths...>`. */
  readonly usage: string;
  readonly summary: string;
  readonly choices: readonly string[];
  readonly completes: Completes;
}

export interface OptionNode {
  /** Such as `-f`. */
  readonly short?: string;
  /** Such as `--file`. */
  readonly long: string;
  /** Such as `<file>`; absent for an option without a value. */
  readonly value?: string;
  readonly summary: string;
  readonly default: string;
  /** Environment variable that gives the value, too. */
  readonly env: string;
  readonly choices: readonly string[];
  readonly completes: Completes;
}

/** What the shell offers for a value. */
export type Completes = 'files' | 'folders' | 'choices' | 'nothing';

/** Commands of a program, in their order; hidden ones left out. */
export function commandTree(program: Command): readonly CommandNode[] {
  const help = program.createHelp();
  return help
    .visibleCommands(program)
    .filter((command) => command.name() !== 'help')
    .map((command) => ({
      name: command.name(),
      summary: command.description(),
      arguments: command.registeredArguments.map(argumentOf),
      options: help.visibleOptions(command).map(optionOf),
    }));
}

function argumentOf(argument: Argument): ArgumentNode {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  const choices = argument.argChoices ?? [];
  return { usage: argument.required ? `<${name}>` : `[${name}]`, summary: argument.description, choices, completes: completes(argument.name(), choices) };
}

function optionOf(option: Option): OptionNode {
  const value = /<.+>|\[.+\]/.exec(option.flags)?.[0];
  const choices = option.argChoices ?? [];
  return {
    ...(option.short ? { short: option.short } : {}),
    long: option.long ?? option.flags,
    ...(value ? { value } : {}),
    summary: option.description,
    default: defaultOf(option),
    env: option.envVar ?? '',
    choices,
    completes: completes(value?.slice(1, -1) ?? '', choices),
  };
}

function defaultOf({ defaultValue, negate }: Option): string {
  if (negate || defaultValue === undefined || defaultValue === false) return '';
  return Array.isArray(defaultValue) ? defaultValue.join(',') : String(defaultValue);
}

/** Placeholders say what they stand for: a file, a folder, a path. */
const FILES = ['file', 'path', 'paths', 'source'];
const FOLDERS = ['dir', 'folder'];

function completes(placeholder: string, choices: readonly string[]): Completes {
  if (choices.length > 0) return 'choices';
  if (FILES.includes(placeholder)) return 'files';
  return FOLDERS.includes(placeholder) ? 'folders' : 'nothing';
}
