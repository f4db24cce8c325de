import type { Completes, CommandNode, OptionNode } from '../command-tree.ts';

/** For bash 3.2 and later; needs no bash-completion. `--output=json` comes as three words, because `=` breaks words in bash. */
export function bashScript(commands: readonly CommandNode[]): string {
  return `# bash completion for hookwave: source <(hookwave completion bash)
_hookwave_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }
_hookwave_files() { local IFS=$'\\n'; compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); }
_hookwave_folders() { local IFS=$'\\n'; compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$cur")); }
_hookwave() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  COMPREPLY=()
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  if [[ $COMP_CWORD -eq 1 ]]; then _hookwave_words '${commands.map(({ name }) => name).join(' ')} help'; return; fi
  case "$command $prev" in
${commands.flatMap((command) => command.options.flatMap((option) => valueCase(command, option))).join('\n')}
  esac
  case "$command" in
${commands.map(commandCase).join('\n')}
    help) _hookwave_words '${commands.map(({ name }) => name).join(' ')}' ;;
  esac
}
complete -F _hookwave hookwave
`;
}

function valueCase(command: CommandNode, option: OptionNode): readonly string[] {
  if (!option.value) return [];
  const patterns = [option.short, option.long].flatMap((flag) => (flag ? [`'${command.name} ${flag}'`] : []));
  return [`    ${patterns.join(' | ')}) ${offer(option)} return ;;`];
}

function commandCase({ name, options, arguments: [argument] }: CommandNode): string {
  const flags = options.flatMap(({ short, long }) => [...(short ? [short] : []), long]).join(' ');
  return `    ${name}) if [[ $cur == -* ]]; then _hookwave_words '${flags}'; else ${argument ? offer(argument) : ':;'} fi ;;`;
}

function offer({ completes, choices }: { readonly completes: Completes; readonly choices: readonly string[] }): string {
  if (completes === 'choices') return `_hookwave_words '${choices.join(' ')}';`;
  return completes === 'nothing' ? ':;' : `_hookwave_${completes};`;
}
