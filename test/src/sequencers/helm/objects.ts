import { existsSync, readdirSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import { expect } from 'vitest';
import { kinds } from '../../../../charts/index.ts';
import { chartOf } from '../../../../src/cli/synthesize.ts';
import type { UpgradeChart } from '../../../../src/constructs/upgrade-chart.ts';
import { argo } from '../../../../src/sequencers/argo/argo.ts';
import { releaseObjects } from '../../../../src/sequencers/helm/release-objects.ts';
import { loadSpecs } from '../../../../src/spec/load.ts';

export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly data?: Record<string, string>;
  readonly rules?: readonly { readonly resources: readonly string[] }[];
  readonly spec?: PodSpec & { readonly activeDeadlineSeconds?: number; readonly template?: { readonly spec: PodSpec } };
}

interface PodSpec {
  readonly serviceAccountName?: string;
  readonly initContainers?: readonly Container[];
  readonly containers?: readonly Container[];
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string }[];
}

/** The objects of a stream of documents; YAML 1.1, as Kubernetes reads it. */
export function objectsIn(text: string): readonly Manifest[] {
  return parseAllDocuments(text, { version: '1.1', logLevel: 'silent' }).flatMap((document) => {
    expect(document.errors).toEqual([]);
    return (document.toJS() as Manifest | null) ?? [];
  });
}

export function byIdentity(objects: readonly Manifest[]): ReadonlyMap<string, Manifest> {
  const map = new Map(objects.map((object) => [`${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`, object]));
  expect(map.size).toBe(objects.length);
  return map;
}

/** What a chart is written from, before values are bound and texts escaped. */
export function unboundObjects(chart: UpgradeChart): readonly Manifest[] {
  return releaseObjects(chart).map(({ text }) => parse(text, { version: '1.1' }) as Manifest);
}

/** The plain synthesis: what Argo CD gets of the same upgrade. */
export function plainObjects(chart: UpgradeChart): readonly Manifest[] {
  return objectsIn(argo(chart).map(({ text }) => text).join('---\n'));
}

/** All examples that synthesize a chart. */
export const EXAMPLES: readonly string[] = readdirSync('synth').filter((name) => existsSync(`synth/${name}/helm`));

/** The spec of a committed example, synthesized anew. */
export async function exampleChart(name = 'calico-manifest'): Promise<UpgradeChart> {
  const [loaded, ...others] = await loadSpecs(`examples/${name}/hookwave.yaml`, kinds);
  if (!loaded || others.length > 0) throw new Error(`example ${name} has to have one spec`);
  return chartOf(loaded);
}
