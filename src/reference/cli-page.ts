import { commandTree, type CommandNode, type OptionNode } from '../cli/command-tree.ts';
import { EXAMPLES } from '../cli/examples.ts';
import { program } from '../cli/program.ts';
import { cell, code, GENERATED, table, type Page } from './page.ts';

/** The commands, as the program itself knows them. */
export function cliPage(): Page {
  const all = commands();
  const text = `${GENERATED}# Commands

\`hookwave COMMAND [options]\`; \`hookwave help COMMAND\` shows the same. Results go to the standard output, messages and progress to the standard error.
Exit codes: [exit-codes.md](exit-codes.md). Environment: \`NO_COLOR\` turns colours off, \`HOOKWAVE_DEBUG=1\` adds stack traces to errors. Downloads go through \`HTTPS_PROXY\` where Node is told so (\`NODE_USE_ENV_PROXY=1\`, Node 22.21 and 24 on), requests to a cluster through the \`proxy-url\` of its kubeconfig.

${table(
    ['command', 'what it does'],
    all.map(({ name, summary }) => [`[${name}](#hookwave-${name})`, cell(summary)]),
  )}

${all.map(commandText).join('\n')}`;
  return { path: 'docs/reference/cli.md', text };
}

function commandText({ name, summary, arguments: own, options }: CommandNode): string {
  const parts = [
    `## hookwave ${name}\n\n${upperFirst(summary)}.`,
    `\`\`\`sh\nhookwave ${[name, ...own.map(({ usage }) => usage), ...(options.length > 0 ? ['[options]'] : [])].join(' ')}\n\`\`\``,
    ...(own.length > 0 ? [table(['argument', 'values', 'meaning'], own.map((one) => [code(one.usage), one.choices.map(code).join(', '), cell(one.summary)]))] : []),
    optionTable(options),
    ...((EXAMPLES[name] ?? []).length > 0 ? [`\`\`\`sh\n${(EXAMPLES[name] ?? []).map(([line, meaning]) => `${line}   # ${meaning}`).join('\n')}\n\`\`\``] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The options of one command. @throws Error for a command that there is not */
export function optionsOf(command: string): string {
  const found = commands().find(({ name }) => name === command);
  if (!found) throw new Error(`there is no command ${command}`);
  return optionTable(found.options);
}

function commands(): readonly CommandNode[] {
  return commandTree(program({ out: () => undefined, err: () => undefined, interactive: false }, { code: 0 }));
}

function optionTable(options: readonly OptionNode[]): string {
  return table(['option', 'values', 'default', 'environment', 'meaning'], options.map(optionRow));
}

function optionRow({ short, long, value, summary, default: initial, env, choices }: OptionNode): readonly string[] {
  const flags = [...(short ? [short] : []), value ? `${long} ${value}` : long].join(', ');
  return [code(flags), choices.map(code).join(', '), code(initial), code(env), cell(summary)];
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
