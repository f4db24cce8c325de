/** What the Argo CD plugin calls in the folder of an Application. Standard output belongs to Argo CD; an error is one line, because it shows one. */
import { kinds } from '../../charts/index.ts';
import { announcementsOf } from '../spec/announcements.ts';
import type { Choice } from '../spec/choose-document.ts';
import { loadSpecs, readSpecs } from '../spec/load.ts';
import { formatProblemsInOneLine, InvalidInput } from '../spec/problem.ts';
import { parseSettings } from '../spec/settings-json.ts';
import type { ExitCode, Io } from './io.ts';
import { synthesize } from './synthesize.ts';

export interface CmpOptions {
  /** JSON of the Application's plugin parameters, as Argo CD gives it in ARGOCD_APP_PARAMETERS. */
  readonly parameters?: string | undefined;
  /** @default hookwave.yaml */
  readonly file?: string;
}

type CmpCommand = (options: CmpOptions, io: Io) => Promise<ExitCode>;

/** The file that the plugin is discovered by. */
const SPEC_FILE = 'hookwave.yaml';

/** Prints the manifests of one spec, the same bytes for the same folder and parameters, whatever the cluster and the Application. */
export const cmpGenerate: CmpCommand = ({ parameters, file = SPEC_FILE }, io) =>
  inOneLine(io, async () => {
    const [loaded] = await loadSpecs(file, kinds, choiceOf(parameters));
    if (!loaded) throw new Error(`${file} holds no spec`);
    io.out(synthesize(loaded, 'argo').map(({ text }) => text).join(''));
  });

/** Prints the parameters that the spec may be given, with the values that hold without them, for Argo CD's user interface. */
export const cmpParameters: CmpCommand = ({ parameters, file = SPEC_FILE }, io) =>
  inOneLine(io, async () => {
    const { name } = choiceOf(parameters);
    const { specs, problems } = await readSpecs(file, kinds, { name, settings: [] });
    if (problems.length > 0) throw new InvalidInput(problems);
    io.out(`${JSON.stringify(specs.flatMap(announcementsOf))}\n`);
  });

/** Parameter `spec` chooses the spec; all others set its fields. */
function choiceOf(parameters: string | undefined): Choice {
  const settings = parseSettings(parameters);
  const choice = settings.find(({ name }) => name === 'spec');
  if (choice && choice.string == null) throw new InvalidInput([{ file: 'parameter', path: 'spec', message: 'is no text', fix: 'set its `string` to the name of a spec' }]);
  return { name: choice?.string, settings: settings.filter((setting) => setting !== choice) };
}

async function inOneLine(io: Io, work: () => Promise<void>): Promise<ExitCode> {
  try {
    await work();
    return 0;
  } catch (error) {
    const isInput = error instanceof InvalidInput;
    const text = isInput ? formatProblemsInOneLine(error) : error instanceof Error ? error.message : String(error);
    io.err(`${text.trim().replaceAll(/\s*\n\s*/g, '; ')}\n`);
    return isInput ? 2 : 1;
  }
}
