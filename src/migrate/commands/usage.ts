import { MIGRATE_COMMANDS, OPTIONS, optionsOf, type MigrateCommand } from './arguments.ts';

const SUMMARIES: Readonly<Record<MigrateCommand, string>> = {
  needed: 'exit code 0: the v1 data have to be migrated; 1: they have not; 2: it is unknown',
  'in-progress': 'exit code 0: somebody is migrating right now; 1: nobody is; 2: it is unknown',
  'dry-run': 'convert and validate, write reports, change nothing',
  start: 'validate, pause Calico v1, convert and write to v3; takes over what a killed start has left',
  complete: 'make v3 ready, once all nodes run Calico v3',
  abort: 'let Calico v1 go on, and mark what is in v3 as stale',
  version: 'print the version',
};

/** How the program, or one command of it, is called. */
export function usage(program: string, command?: MigrateCommand): string {
  if (command === undefined) {
    const width = Math.max(...MIGRATE_COMMANDS.map((name) => name.length));
    return `Usage: ${program} [-l <level>] <command> [options]\n\n${MIGRATE_COMMANDS.map((name) => `  ${name.padEnd(width)}  ${SUMMARIES[name]}\n`).join('')}\n${program} <command> --help shows the options.\n`;
  }
  const rows = optionsOf(command).map((name) => {
    const row: { readonly value?: string; readonly short?: string; readonly summary: string } = OPTIONS[name];
    return [`${row.short ? `-${row.short}, ` : ''}--${name}${row.value ? `=<${row.value}>` : ''}`, row.summary] as const;
  });
  const width = Math.max(...rows.map(([flags]) => flags.length));
  return `Usage: ${program} ${command} [options]\n\n${SUMMARIES[command]}\n\n${rows.map(([flags, summary]) => `  ${flags.padEnd(width)}  ${summary}\n`).join('')}`;
}
