import { kinds } from '../../../charts/index.ts';
import { rules } from '../../sequencers/lint/rules/index.ts';
import type { ArgumentNode, CommandNode, OptionNode } from '../command-tree.ts';
import type { Io } from '../io.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

const SHELLS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

export type Shell = keyof typeof SHELLS;

/** Prints the script that completes `hookwave` in a shell. It is static: completing starts no process. */
export function completion(shell: Shell, commands: readonly CommandNode[], io: Io): void {
  io.out(SHELLS[shell](withKnownValues(commands)));
}

/** Values that the program checks later than its arguments, by placeholder. */
export function withKnownValues(commands: readonly CommandNode[]): readonly CommandNode[] {
  const known: Readonly<Record<string, readonly string[]>> = { '<kind>': kinds.map(({ kind }) => kind), '<code>': rules.map((rule) => rule.code) };
  const filled = <T extends ArgumentNode | OptionNode>(node: T, placeholder: string | undefined): T => {
    const choices = known[placeholder ?? ''];
    return choices ? { ...node, choices, completes: 'choices' } : node;
  };
  return commands.map((command) => ({
    ...command,
    arguments: command.arguments.map((one) => filled(one, one.usage)),
    options: command.options.map((one) => filled(one, one.value)),
  }));
}
