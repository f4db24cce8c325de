import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { SEQUENCER_NAMES, type SequencerName } from '../sequencers/names.ts';
import { nearest } from '../sequencers/lint/spelling.ts';
import { LOG_LEVELS, MIGRATE_COMMANDS, OPTIONS } from '../migrate/commands/arguments.ts';
import { DATASTORES, SNIPPETS, type Snippet } from '../migrate/snippets.ts';
import { VERSION } from '../version.ts';
import { commandTree } from './command-tree.ts';
import type { Shell } from './completion/completion.ts';
import type { CmpOutput } from './cmp.ts';
import { formatExamples } from './examples.ts';
import type { ExitCode, Io } from './io.ts';
import { TOOLS } from './order-tools.ts';
import type { PlanOptions } from './plan.ts';

/**
 * The command line: one lazily loaded file a command.
 * @param result gets the exit code of a command that judges
 * @param argv for `migrate`, which reads its arguments by the rules of another program
 */
export function program(io: Io, result: { code: ExitCode }, argv: readonly string[] = []): Command {
  const hookwave = new Command('hookwave')
    .description('Upgrades as Git commits: a spec becomes manifests whose hooks run a cluster upgrade phase by phase.')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .version(`hookwave v${VERSION}`, '-V, --version', 'print the version')
    .showHelpAfterError('(`hookwave help` lists the commands)')
    .addHelpText('after', OVERVIEW);

  hookwave
    .command('init')
    .description('write a commented spec to begin with')
    .argument('<kind>', 'kind of upgrade, such as CalicoUpgrade')
    .addOption(fileOption())
    .option('--schema', 'write hookwave.schema.json beside it, too, and name it in the first line: editors then complete and check the spec')
    .action(async (kind: string, options: { file: string; schema?: boolean }) => (await import('./init.ts')).init({ kind, ...options }, io));
  hookwave
    .command('vendor')
    .description("store a vendor's manifest beside the spec and pin its digest")
    .argument('<source>', 'URL or file')
    .option('--as <path>', 'where to store it, relative to the folder (default: vendor/NAME)')
    .option('-C, --directory <dir>', 'folder of the spec', '.')
    .action(async (source: string, options: { as?: string; directory: string }) => (await import('./vendor.ts')).vendor({ source, ...options }, io));
  hookwave
    .command('plan')
    .description('show what an upgrade will do: phases, waves, hooks, steps')
    .addOption(fileOption())
    .option('--rights', 'show also what each step may touch, and the objects that give the right (json always does)')
    .addOption(new Option('-o, --output <format>', 'how to print; mermaid and svg are pictures').choices(['text', 'json', 'mermaid', 'svg']).default('text'))
    .addOption(new Option('--order <tool>', 'predict instead what this tool applies and deletes, in which order, and where it waits').choices(TOOLS).conflicts('rights'))
    .addOption(new Option('--stream <path>', 'predict the order of these manifests instead of a spec: a file, a folder, or - for the standard input; --order argo unless said otherwise').conflicts(['rights', 'file']))
    .addOption(new Option('--live <path>', 'manifests that were applied before, given like --stream: predicts a later sync or upgrade instead of the first').conflicts('rights'))
    .action(async (options: PlanOptions) => (await import('./plan.ts')).plan(options, io));
  hookwave
    .command('synth')
    .description('write the manifests: a folder for each spec')
    .addOption(fileOption())
    .addOption(new Option('-o, --output-dir <dir>', 'folder that gets a folder for each spec').env('CDK8S_OUTDIR').default('deploy').argParser(folderNotFormat))
    .addOption(new Option('--output <dir>').hideHelp().argParser(refuseOutput))
    .addOption(new Option('--sequencer <name>', 'tool that orders the phases').choices(SEQUENCER_NAMES).default('argo'))
    .option('--fleet <values>', "with --sequencer helm: write what the chart renders for each cluster of this file, a mapping of clusters to values such as `north: {deadlines.rollout: 2h}`")
    .action(async ({ fleet, outputDir: output, ...rest }: { file: string; outputDir: string; sequencer: SequencerName; fleet?: string }, command: Command) => {
      const options = { ...rest, output };
      if (fleet === undefined) return (await import('./synth.ts')).synth(options, io);
      if (options.sequencer !== 'helm') return command.error("error: --fleet needs --sequencer helm: only a chart has values; for Argo CD, give each cluster a spec of its own", { exitCode: 2 });
      return (await import('./synth-fleet.ts')).synthFleet({ ...options, fleet }, io);
    });
  hookwave
    .command('lint')
    .description('judge manifests for Argo CD or Helm: hooks, waves, delete policies')
    .argument('<paths...>', 'files, folders, or - for the standard input; each is one application')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json', 'sarif']).default('text'))
    .addOption(new Option('--level <level>', 'lowest level that is printed; the exit code counts all').choices(['error', 'warning', 'info']).default('info'))
    .addOption(new Option('--engine <engine>', 'whose rules apply; auto: Argo CD, and Helm too where its hook annotation occurs').choices(['auto', 'argo', 'helm']).default('auto'))
    .addOption(repeatable('--ignore <code>', 'leave a rule out (repeatable)'))
    .addOption(repeatable('--sync-option <option>', 'an option that the Application sets for all its objects, such as ServerSideApply=true (repeatable)'))
    .option('--fleet', 'the application is rolled out to a fleet by RollingSync')
    .option('--self-heal', 'the Application heals itself (syncPolicy.automated.selfHeal)')
    .option('--chart <dir>', 'chart that the manifests are rendered from, for what they do not show')
    .option('--previous <path>', 'manifests of the release before, given like a path, for objects that change their place')
    .action(async (paths: string[], options) => void (result.code = await (await import('./lint.ts')).lint({ paths, ...options }, io)));
  withCluster(hookwave.command('status'))
    .description('show how upgrades stand in the cluster, and what they wait for')
    .argument('[name]', 'name of the spec (default: all)')
    .option('-n, --namespace <namespace>', 'namespace of the run record (default: all)')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .action(async (name: string | undefined, options) => (await import('./status.ts')).status({ name, ...options }, io));
  withCluster(hookwave.command('approve'))
    .description('approve the cleanup of a verified upgrade, or another try of a frozen one')
    .argument('<name>', 'name of the spec')
    .option('-n, --namespace <namespace>', 'namespace of the run record (default: hookwave-NAME)')
    .option('--retry', 'let the same plan try again after its rollout was frozen')
    .option('--by <who>', 'who approves (default: the user of the kubeconfig)')
    .option('--no-sync', 'do not start the next sync')
    .action(async (name: string, options) => (await import('./approve.ts')).approve({ name, ...options }, io, (await import('./next-sync.ts')).startNextSync));
  hookwave
    .command('cmp')
    .description('what the Argo CD plugin calls in the folder of an Application; parameters come from ARGOCD_APP_PARAMETERS')
    .addArgument(new Argument('<what>', 'the manifests of hookwave.yaml, or the parameters that an Application may set').choices(['generate', 'parameters']))
    .action(async (what: CmpOutput) => void (result.code = await (await import('./cmp.ts')).cmp({ what, parameters: process.env['ARGOCD_APP_PARAMETERS'] }, io)));
  migrateOptions(hookwave.command('migrate'))
    .description("migrate Calico's etcd datastore from v1 to v3; exit codes and texts are those of calico-upgrade")
    .addArgument(new Argument('<command>', 'what to do; inprogress is the same as in-progress').choices([...MIGRATE_COMMANDS, 'inprogress']))
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async () => void (result.code = await (await import('./migrate.ts')).migrateCommand(argv.slice(argv.indexOf('migrate') + 1), io)));
  hookwave
    .command('snippets')
    .description("print the guards, the completion Job and its rights for manifests of your own, in the place of calico-upgrade's")
    .addArgument(new Argument('[which]', 'one of them (default: all)').choices(SNIPPETS))
    .option('--image <image>', 'image of the runner (default: that of this release)')
    .option('--namespace <namespace>', 'where Calico runs', 'kube-system')
    .option('--daemonset <name>', 'name of the new DaemonSet', 'calico-node')
    .option('--node-image <image>', 'image of the new DaemonSet (default: key node_image of the ConfigMap)')
    .option('--config-map <name>', 'ConfigMap with etcd_endpoints, etcd_ca, etcd_key and etcd_cert', 'calico-config')
    .option('--secret <name>', 'Secret with the client certificate', 'calico-etcd-secrets')
    .addOption(new Option('--datastore <type>', 'where Calico keeps its data').choices(DATASTORES).default('etcd'))
    .action(async (which: Snippet | undefined, options) => (await import('./snippets.ts')).snippets({ which, ...options }, io));
  hookwave
    .command('schema')
    .description('print the JSON Schema of specs, for editors and checks')
    .action(async () => (await import('./schema.ts')).schema(io));
  hookwave
    .command('completion')
    .description('print the script that completes commands, options and files in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: Shell) => (await import('./completion/completion.ts')).completion(shell, commandTree(hookwave), io));
  hookwave
    .command('version')
    .description('print the version')
    .action(() => io.out(`hookwave v${VERSION}\n`));
  hookwave
    .helpCommand(false)
    .command('help')
    .description('show how a command is used')
    .argument('[command]', 'name of a command (default: all of them)')
    .action((name?: string) => (name === undefined ? hookwave.outputHelp() : commandNamed(name, hookwave).outputHelp()));
  for (const command of hookwave.commands) {
    command.showHelpAfterError(`(\`hookwave help ${command.name()}\` shows how it is used)`).addHelpText('after', () => formatExamples(command.name()));
  }
  return hookwave;
}

/** @throws CommanderError for a command that there is not */
function commandNamed(name: string, hookwave: Command): Command {
  const names = hookwave.commands.map((command) => command.name());
  const found = hookwave.commands[names.indexOf(name)];
  if (found) return found;
  const meant = nearest(name, names, 2);
  return hookwave.error(`error: unknown command '${name}'${meant === undefined ? '' : `\n(Did you mean ${meant}?)`}`, { exitCode: 2 });
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, values: readonly string[]) => [...values, value]).default([], 'none');
}

/** `-o` is a folder where files are written and a format everywhere else: who means a format is told, before a folder of that name appears. */
function folderNotFormat(value: string): string {
  if (!FORMATS.includes(value)) return value;
  throw new InvalidArgumentError(`synth writes files, and this is the folder for them. \`hookwave cmp generate\` prints the manifests of a spec; -o ./${value} names a folder of that name.`);
}

/** `--output` is a format everywhere; that of cdk8s is a folder. */
function refuseOutput(): never {
  throw new InvalidArgumentError('The folder is -o DIR or --output-dir DIR; --output is the format of what other commands print.');
}

const FORMATS = ['-', 'json', 'text', 'yaml'];

/** For help, completion and the reference; `migrate` itself also takes options that are cut short. */
function migrateOptions(command: Command): Command {
  for (const [name, row] of Object.entries(OPTIONS)) {
    const { short, value, summary }: { readonly short?: string; readonly value?: string; readonly summary: string } = row;
    if (name === 'help') continue;
    const option = new Option(`${short ? `-${short}, ` : ''}--${name}${value ? ` <${value}>` : ''}`, summary);
    command.addOption(name === 'output' ? option.choices(['text', 'json']) : name === 'log-level' ? option.choices(LOG_LEVELS) : option);
  }
  return command;
}

function withCluster(command: Command): Command {
  return command.option('--kubeconfig <file>', 'kubeconfig file').option('--context <name>', 'context of the kubeconfig');
}

function fileOption(): Option {
  return new Option('-f, --file <file>', 'the spec').default('hookwave.yaml');
}

const OVERVIEW = `
From nothing to a synced upgrade:
  hookwave init CalicoUpgrade     write hookwave.yaml
  hookwave vendor URL             store the vendor's manifest and pin it
  hookwave plan                   read what would happen
  hookwave synth -o deploy        write deploy/<name>/, then commit it
  hookwave lint deploy/calico     what Argo CD would make of it
  hookwave status calico          what runs, what waits, what failed
  hookwave approve calico         let the cleanup go on`;
