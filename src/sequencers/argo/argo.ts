import type { ApiObject } from 'cdk8s';
import { markSequenced, type Placed } from '../../constructs/placed.ts';
import { renderObject } from '../../constructs/render.ts';
import type { UpgradeChart } from '../../constructs/upgrade-chart.ts';
import { VendorObject } from '../../constructs/vendor-manifest.ts';
import { sha256 } from '../../spec/sha256.ts';
import { byFile, compareText, entriesOf, type Entry } from '../entries.ts';
import { documentsFile, type OutputFile } from '../output.ts';
import { HOOK, HOOK_DELETE_POLICY, SYNC_OPTIONS, SYNC_WAVE } from './annotations.ts';
import { kindRank } from './kind-order.ts';
import { comparePositions, positionOf } from './position.ts';

/**
 * Turns every Placement of an upgrade into Argo CD's annotations and renders the files.
 * After it `app.synth()` of the same app gives the same objects.
 * @throws Error for an object without a Placement, and for two objects with one identity.
 */
export function argo(chart: UpgradeChart): readonly OutputFile[] {
  const entries = entriesOf(chart);
  for (const entry of entries) annotate(entry);
  const texts = new Map<ApiObject, string>();
  for (const { object } of entries) if (object !== chart.marker.object) texts.set(object, renderObject(object));
  chart.marker.seal(sha256([...texts.values()].join('')).slice(0, 16));
  texts.set(chart.marker.object, renderObject(chart.marker.object));
  return filesOf(entries, texts);
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

function filesOf(entries: readonly Entry[], texts: ReadonlyMap<ApiObject, string>): readonly OutputFile[] {
  return byFile(entries).map(([name, group]) => documentsFile(name, group.sort(compareEntries).map(({ object }) => texts.get(object) ?? '')));
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
