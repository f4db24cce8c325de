import type { ArgumentNode, Completes, CommandNode, OptionNode } from '../command-tree.ts';

/** To be sourced after `compinit`, or stored as `_hookwave` in a folder of `fpath`. */
export function zshScript(commands: readonly CommandNode[]): string {
  return `#compdef hookwave
# zsh completion for hookwave: source <(hookwave completion zsh)
_hookwave() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`).join('\n')}
    'help:show how a command is used'
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(commandCase).join('\n')}
    help) _describe command commands ;;
  esac
}
if [[ $funcstack[1] == _hookwave ]]; then _hookwave "$@"; else compdef _hookwave hookwave; fi
`;
}

function commandCase({ name, options, arguments: own }: CommandNode): string {
  return `    ${name})\n      _arguments -s ${[...options.map(optionSpec), ...own.map(argumentSpec)].join(' \\\n        ')} ;;`;
}

/** `'(-f --file)'{-f,--file}'[the spec]:file:_files'`. */
function optionSpec({ short, long, summary, value, ...offered }: OptionNode): string {
  const rest = quote(`[${escapeBrackets(summary)}]${value ? `:${value.slice(1, -1)}:${action(offered)}` : ''}`);
  return short ? `'(${short} ${long})'{${short},${long}${value ? '=' : ''}}${rest}` : `${long}${value ? '=' : ''}${rest}`;
}

function argumentSpec({ usage, summary, ...offered }: ArgumentNode): string {
  const count = usage.includes('...') ? '*' : usage.startsWith('[') ? '1:' : '1';
  return quote(`${count}:${summary.replaceAll(':', ' ')}:${action(offered)}`);
}

function action({ completes, choices }: { readonly completes: Completes; readonly choices: readonly string[] }): string {
  if (completes === 'choices') return `(${choices.join(' ')})`;
  return { files: '_files', folders: '_files -/', nothing: ' ' }[completes];
}

function escapeBrackets(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, '\\$&');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
