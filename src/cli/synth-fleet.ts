import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import * as z from 'zod';
import { kinds } from '../../charts/index.ts';
import { fleet, type FleetValues } from '../sequencers/helm/fleet.ts';
import type { OutputFile } from '../sequencers/output.ts';
import { firstLine } from '../spec/issue-text.ts';
import { loadSpecs } from '../spec/load.ts';
import { oversized } from '../spec/oversized.ts';
import { InvalidInput, type Problem } from '../spec/problem.ts';
import type { Io } from './io.ts';
import { startProgress } from './progress.ts';
import { chartOf } from './synthesize.ts';
import { writeFolders } from './write-folders.ts';

export interface SynthFleetOptions {
  /** Spec file. */
  readonly file: string;
  /** Folder that gets a folder for each cluster; it is replaced whole, so that a cluster which is in the file no more goes. */
  readonly output: string;
  /** File of value sets: a mapping of clusters, each a mapping of values of the chart by their path. */
  readonly fleet: string;
}

/** Writes what each spec's chart renders for each cluster: `OUTPUT/CLUSTER/SPEC.yaml`. @throws InvalidInput, CommandFailed, with nothing written */
export async function synthFleet({ file, output, fleet: valuesFile }: SynthFleetOptions, io: Io): Promise<void> {
  const [loaded, clusters] = await Promise.all([loadSpecs(file, kinds), readClusters(valuesFile)]);
  const fleets = loaded.map((one) => ({ name: one.upgrade.name, ...fleet(chartOf(one)) }));
  const problems = clusters.flatMap(([cluster, values]) => fleets.flatMap(({ problemsOf }) => problemsOf(values).map(({ path, ...rest }): Problem => ({ file: valuesFile, path: `${cluster}.${path}`, ...rest }))));
  if (problems.length > 0) throw new InvalidInput(problems);
  const progress = await startProgress({ title: 'synth', total: clusters.length, unit: 'clusters' }, io);
  function* files(): Iterable<OutputFile> {
    for (const [index, [cluster, values]] of clusters.entries()) {
      for (const { name, render } of fleets) yield { name: `${cluster}/${name}.yaml`, text: render(values) };
      progress.update(index + 1);
    }
  }
  const ours = new Set(fleets.map(({ name }) => `${name}.yaml`));
  await writeFolders([{ path: output, files: files(), replaces: (name) => ours.has(name.split('/').slice(1).join('/')) }]).finally(() => progress.end());
  io.err(`${output}: ${clusters.length} ${clusters.length === 1 ? 'cluster' : 'clusters'}, ${fleets.length} ${fleets.length === 1 ? 'file' : 'files'} each\n`);
}

const clustersSchema = z.record(
  z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/, 'is no name of a cluster; use lower-case letters, digits, dots and dashes'),
  z.record(z.string(), z.union([z.string(), z.boolean()], 'is neither text nor true or false; put numbers in quotes'), 'is no mapping of values').nullable(),
  'is no mapping of clusters',
);

const EXAMPLE = 'write `CLUSTER: {runner.image: ..., deadlines.rollout: 2h}`';

async function readClusters(file: string): Promise<readonly (readonly [string, FleetValues])[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new InvalidInput([{ file, path: '', message: `can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, fix: 'name a file with a mapping of clusters' }]);
  });
  const parsed = clustersSchema.safeParse(contentOf(file, text));
  const clusters = Object.entries(parsed.data ?? {});
  if (parsed.success && clusters.length === 0) throw new InvalidInput([{ file, path: '', message: 'names no cluster', fix: EXAMPLE }]);
  if (parsed.success) return clusters.map(([cluster, values]) => [cluster, values ?? {}] as const);
  throw new InvalidInput(parsed.error.issues.map(({ path, message, ...issue }) => ({ file, path: path.join('.'), message: issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? message) : message, fix: EXAMPLE })));
}

function contentOf(file: string, text: string): unknown {
  const tooMuch = oversized(text);
  if (tooMuch) throw new InvalidInput([{ file, path: '', ...tooMuch, fix: 'make it smaller' }]);
  const document = parseDocument(text, { uniqueKeys: true });
  const [broken] = document.errors;
  if (broken) throw new InvalidInput([{ file, path: '', ...(broken.linePos && { line: broken.linePos[0].line }), message: firstLine(broken.message), fix: 'correct the YAML' }]);
  try {
    return document.toJS();
  } catch (error) {
    throw new InvalidInput([{ file, path: '', message: firstLine(error instanceof Error ? error.message : String(error)), fix: 'write the values out instead of using aliases' }]);
  }
}
