import type { ApiObject } from 'cdk8s';
import { HookJob } from '../../constructs/hook-job.ts';
import { renderObject, renderYaml } from '../../constructs/render.ts';
import type { UpgradeChart } from '../../constructs/upgrade-chart.ts';
import { VendorObject } from '../../constructs/vendor-manifest.ts';
import { sha256 } from '../../spec/sha256.ts';
import { byFile, compareText, entriesOf, type Entry } from '../entries.ts';
import { adaptToHelm, hookJobs } from './adapt.ts';
import { annotate, isHome } from './annotate.ts';
import { kindRank } from './order.ts';
import type { Bindable } from './parameters.ts';
import { positionOf } from './position.ts';
import { refuseInexpressible } from './refuse.ts';
import type { Manifest } from './runner-containers.ts';
import { testHook } from './test-hook.ts';

/** One object of a chart as it is rendered with default values. */
export interface ReleaseObject extends Bindable {
  /** YAML, without a document marker. */
  readonly text: string;
  /** Path in the chart. */
  readonly file: string;
  /** The namespace of the hooks. */
  readonly isHome: boolean;
}

/** Everything that the chart of an upgrade renders: the plain synthesis as Helm takes it (adapt.ts), with Helm's annotations. @throws Error for what Helm can't express */
export function releaseObjects(chart: UpgradeChart): readonly ReleaseObject[] {
  refuseInexpressible(entriesOf(chart));
  adaptToHelm(chart);
  const entries = entriesOf(chart);
  const tests = hookJobs(chart).filter(isProof).flatMap(testObjects);
  const home = chart.identity.namespace;
  for (const entry of entries) annotate(entry, home);
  seal(chart, entries, tests);
  const objects = byFile(entries.filter((entry) => !isHome(entry, home))).flatMap(([file, group]) => group.sort(compareEntries).map((entry) => releaseObject(entry, `templates/${file}`)));
  const homes = entries.filter((entry) => isHome(entry, home)).map((entry) => ({ ...releaseObject(entry, 'templates/0-namespace.yaml'), isHome: true }));
  return [...homes, ...objects, ...tests];
}

/** The Job that proves the upgrade is what can be tested at any time. */
function isProof({ props: { phase, mode } }: HookJob): boolean {
  return phase === 'verify' && mode === 'tracked';
}

function testObjects(job: HookJob): readonly ReleaseObject[] {
  return testHook(job).map((object) => ({ text: renderYaml(object), file: 'templates/tests/verify.yaml', manifest: object as Manifest, job: job.node.id, isHome: false }));
}

function seal(chart: UpgradeChart, entries: readonly Entry[], tests: readonly ReleaseObject[]): void {
  const marker = chart.marker.object;
  const texts = entries.filter(({ object }) => object !== marker).map(({ object }) => renderObject(object));
  chart.marker.seal(sha256([...texts, ...tests.map(({ text }) => text)].join('')).slice(0, 16));
}

function releaseObject({ object }: Entry, file: string): ReleaseObject {
  const job = object.node.scopes.find((scope) => scope instanceof HookJob)?.node.id;
  return { text: renderObject(object), file, manifest: manifestOf(object), isHome: false, ...(job === undefined ? {} : { job }) };
}

/** Vendor objects without a guard are not parsed: nothing in them is bound. */
function manifestOf(object: ApiObject): Manifest {
  const isParsed = !VendorObject.isVendorObject(object) || object.isEdited;
  return (isParsed ? object.toJson() : { kind: object.kind }) as Manifest;
}

/** As Helm applies hooks; the vendor's own objects stay as the vendor has them. */
function compareEntries(a: Entry, b: Entry): number {
  if (VendorObject.isVendorObject(a.object) && VendorObject.isVendorObject(b.object)) return 0;
  return weightOf(a) - weightOf(b) || kindRank(a.object.kind) - kindRank(b.object.kind) || compareText(nameOf(a), nameOf(b));
}

function weightOf({ placed: { placement } }: Entry): number {
  const position = positionOf(placement);
  return position?.at === 'hook' ? position.weight : placement.wave;
}

function nameOf({ object }: Entry): string {
  return `${object.metadata.namespace ?? ''}/${object.name}`;
}
