import type { ApiObject } from 'cdk8s';
import { markSequenced, objectsOf, placedOf, type Placed } from '../../constructs/placed.ts';
import { renderObject } from '../../constructs/render.ts';
import type { UpgradeChart } from '../../constructs/upgrade-chart.ts';
import { VendorObject } from '../../constructs/vendor-manifest.ts';
import { sha256 } from '../../spec/sha256.ts';
import { PHASES } from '../../plan/phases.ts';
import { documentsFile, type OutputFile } from '../output.ts';
import { HOOK, HOOK_DELETE_POLICY, SYNC_OPTIONS, SYNC_WAVE } from './annotations.ts';
import { kindRank } from './kind-order.ts';
import { comparePositions, positionOf } from './position.ts';

interface Entry {
  readonly object: ApiObject;
  readonly placed: Placed;
}

/**
 * Turns every Placement of an upgrade into Argo CD's annotations and renders the files.
 * After it `app.synth()` of the same app gives the same objects.
 * @throws Error for an object without a Placement, and for two objects with one identity.
 */
export function argo(chart: UpgradeChart): readonly OutputFile[] {
  const entries = objectsOf(chart).map(entryOf);
  refuseDuplicates(entries);
  for (const entry of entries) annotate(entry);
  const texts = new Map<ApiObject, string>();
  for (const { object } of entries) if (object !== chart.marker.object) texts.set(object, renderObject(object));
  chart.marker.seal(sha256([...texts.values()].join('')).slice(0, 16));
  texts.set(chart.marker.object, renderObject(chart.marker.object));
  return filesOf(entries, texts);
}

function entryOf(object: ApiObject): Entry {
  const placed = placedOf(object);
  if (!placed) throw new Error(`${object.kind} ${object.name} at ${object.node.path} has no place in the upgrade`);
  return { object, placed };
}

function annotate({ object, placed }: Entry): void {
  const { syncPhase, syncWave } = positionOf(placed.placement);
  if (placed.placement.mode === 'hook') {
    object.metadata.addAnnotation(HOOK, syncPhase);
    object.metadata.addAnnotation(HOOK_DELETE_POLICY, object.kind === 'Job' ? 'BeforeHookCreation' : 'HookSucceeded');
  }
  if (syncWave !== 0) object.metadata.addAnnotation(SYNC_WAVE, String(syncWave));
  const options = syncOptions(object, placed);
  if (options.length > 0) object.metadata.addAnnotation(SYNC_OPTIONS, options.join(','));
  markSequenced(object);
}

/** CRDs may exceed the 256 KiB of client-side apply's annotation; pruning one deletes its data, pruning our namespace the run record. */
function syncOptions({ kind }: ApiObject, { placement }: Placed): readonly string[] {
  if (placement.mode === 'hook') return [];
  if (kind === 'CustomResourceDefinition') return ['Prune=false', 'ServerSideApply=true'];
  return kind === 'Namespace' ? ['Prune=false'] : [];
}

function refuseDuplicates(entries: readonly Entry[]): void {
  const seen = new Map<string, string>();
  for (const { object } of entries) {
    const identity = `${object.kind}.${object.apiGroup} ${object.metadata.namespace ?? ''}/${object.name}`;
    const other = seen.get(identity);
    if (other) throw new Error(`${identity} stands twice in the upgrade, at ${other} and ${object.node.path}; Argo CD would keep only the last`);
    seen.set(identity, object.node.path);
  }
}

function filesOf(entries: readonly Entry[], texts: ReadonlyMap<ApiObject, string>): readonly OutputFile[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const name = fileName(entry.placed);
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, group]) => documentsFile(name, group.sort(compareEntries).map(({ object }) => texts.get(object) ?? '')));
}

function fileName({ placement, file }: Placed): string {
  const phase = `${PHASES.indexOf(placement.phase) + 1}-${placement.phase}`;
  return `${file === undefined ? phase : `${phase}-${file}`}.yaml`;
}

/** As Argo CD applies them; the vendor's own objects stay as the vendor has them. */
function compareEntries(a: Entry, b: Entry): number {
  if (VendorObject.isVendorObject(a.object) && VendorObject.isVendorObject(b.object)) return 0;
  return (
    comparePositions(positionOf(a.placed.placement), positionOf(b.placed.placement)) ||
    kindRank(a.object.kind) - kindRank(b.object.kind) ||
    compareText(`${a.object.metadata.namespace ?? ''}/${a.object.name}`, `${b.object.metadata.namespace ?? ''}/${b.object.name}`)
  );
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
