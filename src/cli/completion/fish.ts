import type { ArgumentNode, CommandNode, OptionNode } from '../command-tree.ts';

/** To be stored as ~/.config/fish/completions/hookwave.fish. */
export function fishScript(commands: readonly CommandNode[]): string {
  const lines = [
    '# fish completion for hookwave: hookwave completion fish > ~/.config/fish/completions/hookwave.fish',
    'complete -c hookwave -f',
    ...commands.map(({ name, summary }) => `complete -c hookwave -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`),
    "complete -c hookwave -n __fish_use_subcommand -a help -d 'show how a command is used'",
    `complete -c hookwave -n '__fish_seen_subcommand_from help' -a ${quote(commands.map(({ name }) => name).join(' '))}`,
    ...commands.flatMap((command) => [...command.options.map((option) => optionLine(command, option)), ...command.arguments.flatMap((argument) => argumentLine(command, argument))]),
  ];
  return `${lines.join('\n')}\n`;
}

function optionLine({ name }: CommandNode, { short, long, value, summary, completes, choices }: OptionNode): string {
  const flags = `${short ? `-s ${short.slice(1)} ` : ''}-l ${long.slice(2)}`;
  const offered = { choices: ` -x -a ${quote(choices.join(' '))}`, files: ' -r -F', folders: " -x -a '(__fish_complete_directories)'", nothing: ' -x' }[completes];
  return `complete -c hookwave -n '__fish_seen_subcommand_from ${name}' ${flags}${value ? offered : ''} -d ${quote(summary)}`;
}

function argumentLine({ name }: CommandNode, { completes, choices }: ArgumentNode): readonly string[] {
  if (completes === 'nothing') return [];
  const offered = { choices: `-a ${quote(choices.join(' '))}`, files: '-F', folders: "-a '(__fish_complete_directories)'" }[completes];
  return [`complete -c hookwave -n '__fish_seen_subcommand_from ${name}' ${offered}`];
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
