/** What the Argo CD plugin calls in the folder of an Application. Standard output belongs to Argo CD; an error is one line, because it shows one. */
import { kinds } from '../../charts/index.ts';
import { announcementsOf } from '../spec/announcements.ts';
import type { Choice } from '../spec/choose-document.ts';
import { loadSpecs, readSpecs } from '../spec/load.ts';
import { formatProblemsInOneLine, InvalidInput } from '../spec/problem.ts';
import { parseSettings } from '../spec/settings-json.ts';
import type { ExitCode, Io } from './io.ts';
import { synthesize } from './synthesize.ts';

export type CmpOutput = 'generate' | 'parameters';

export interface CmpOptions {
  readonly what: CmpOutput;
  /** JSON of the Application's plugin parameters, as Argo CD gives it in ARGOCD_APP_PARAMETERS. */
  readonly parameters?: string | undefined;
  /** @default hookwave.yaml, which the plugin is discovered by */
  readonly file?: string;
}

/** Prints one spec's manifests or its parameters. Exit code 2 for bad input, 1 for anything else that fails; then nothing is printed. */
export async function cmp({ what, parameters, file = 'hookwave.yaml' }: CmpOptions, io: Io): Promise<ExitCode> {
  try {
    const choice = choiceOf(parameters);
    io.out(await (what === 'generate' ? manifests(file, choice) : announcements(file, choice)));
    return 0;
  } catch (error) {
    io.err(`${inOneLine(error)}\n`);
    return error instanceof InvalidInput ? 2 : 1;
  }
}

/** Parameter `spec` chooses the spec; all others set its fields. */
function choiceOf(parameters: string | undefined): Choice {
  const settings = parseSettings(parameters);
  const choice = settings.find(({ name }) => name === 'spec');
  if (choice && choice.string == null) throw new InvalidInput([{ file: 'parameter', path: 'spec', message: 'is no text', fix: 'set its `string` to the name of a spec' }]);
  return { name: choice?.string, settings: settings.filter((setting) => setting !== choice) };
}

/** The same bytes for the same folder and parameters, whatever the cluster and the Application. */
async function manifests(file: string, choice: Choice): Promise<string> {
  const [loaded] = await loadSpecs(file, kinds, choice);
  if (!loaded) throw new Error(`${file} holds no spec`);
  return synthesize(loaded, 'argo').map(({ text }) => text).join('');
}

/** For Argo CD's user interface. The values are those that hold without parameters, so none are set. */
async function announcements(file: string, { name }: Choice): Promise<string> {
  const { specs, problems } = await readSpecs(file, kinds, { name, settings: [] });
  if (problems.length > 0) throw new InvalidInput(problems);
  return `${JSON.stringify(specs.flatMap(announcementsOf))}\n`;
}

function inOneLine(error: unknown): string {
  if (error instanceof InvalidInput) return formatProblemsInOneLine(error);
  return (error instanceof Error ? error.message : String(error)).trim().replaceAll(/\s*\n\s*/g, '; ');
}
