import { kinds } from '../../charts/index.ts';
import { predictArgo } from '../sequencers/argo/predict.ts';
import { predictHelm } from '../sequencers/helm/predict.ts';
import { releaseObjects } from '../sequencers/helm/release-objects.ts';
import { readDocuments, type Source } from '../sequencers/manifests/documents.ts';
import type { Manifest } from '../sequencers/manifests/manifest.ts';
import type { Prediction } from '../sequencers/prediction.ts';
import { loadSpecs } from '../spec/load.ts';
import { CommandFailed, type Io, WrongArgument } from './io.ts';
import { formatPrediction, plainPrediction } from './order-text.ts';
import type { Tool } from './order-tools.ts';
import type { PlanOutput } from './plan.ts';
import { hasNoObject, readSources } from './read-sources.ts';
import { chartOf, synthesize } from './synthesize.ts';
import { widthFor } from './wrap.ts';

export type { Tool };

interface OrderCommand {
  readonly tool: Tool;
  readonly file: string;
  readonly stream: string | undefined;
  readonly live: string | undefined;
  readonly output: PlanOutput;
}

/** Prints in which order a tool applies and deletes, for each spec of a file or for one stream. @throws CommandFailed for manifests that can't be read */
export async function order({ tool, file, stream, live, output }: OrderCommand, io: Io): Promise<void> {
  if (output === 'svg' || output === 'mermaid') throw new WrongArgument('an order is printed as text or json, not as a picture; leave out --order, --stream and --live for the picture of the plan');
  const before = live === undefined ? [] : objectsOf(await sourcesAt(live));
  const sets = stream === undefined ? await setsOf(file, tool) : [{ name: stream, objects: await streamed(stream) }];
  const predicted = sets.map(({ name, objects }) => ({ name, prediction: predict(tool, objects, before) }));
  if (output === 'json') io.out(`${JSON.stringify(predicted.map(({ name, prediction }) => ({ name, tool, ...plainPrediction(prediction) })), null, 2)}\n`);
  else io.out(predicted.map(({ name, prediction }) => formatPrediction(name, tool, before.length > 0, prediction, widthFor(io.columns))).join('\n'));
}

async function streamed(path: string): Promise<readonly Manifest[]> {
  const objects = objectsOf(await sourcesAt(path));
  if (objects.length === 0) throw new WrongArgument(hasNoObject(path));
  return objects;
}

async function sourcesAt(path: string): Promise<readonly Source[]> {
  const sources = await readSources(path, process.stdin, 'hookwave plan --order helm4 --stream -');
  if (typeof sources === 'string') throw new WrongArgument(sources);
  return sources;
}

/** What the tool gets of each spec of a file. */
async function setsOf(file: string, tool: Tool): Promise<readonly { readonly name: string; readonly objects: readonly Manifest[] }[]> {
  const loaded = await loadSpecs(file, kinds);
  return loaded.map((one) => {
    const rendered = tool === 'argo' ? synthesize(one, 'argo') : releaseObjects(chartOf(one)).map(({ file: name, text }) => ({ name, text }));
    return { name: one.upgrade.name, objects: objectsOf(rendered.map(({ name, text }) => ({ file: name, text }))) };
  });
}

function objectsOf(sources: readonly Source[]): readonly Manifest[] {
  const { objects, problems } = readDocuments(sources);
  const broken = problems.find(({ code }) => code === 'yaml-error');
  if (broken) throw new CommandFailed(`${broken.file}:${broken.line} can't be read: ${broken.message}`);
  return objects;
}

function predict(tool: Tool, objects: readonly Manifest[], before: readonly Manifest[]): Prediction<unknown> {
  if (tool === 'argo') return predictArgo(objects, { live: before });
  return predictHelm(objects, { major: tool === 'helm3' ? 3 : 4, ...(before.length > 0 && { previous: before }) });
}
