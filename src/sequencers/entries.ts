import type { ApiObject } from 'cdk8s';
import { isSequenced, objectsOf, placedOf, type Placed } from '../constructs/placed.ts';
import type { UpgradeChart } from '../constructs/upgrade-chart.ts';
import { PHASES } from '../plan/phases.ts';

/** An object with its place in the upgrade. */
export interface Entry {
  readonly object: ApiObject;
  readonly placed: Placed;
}

/** All objects of an upgrade. @throws Error for an object without a Placement, for two objects with one identity, and for a chart that has been sequenced. */
export function entriesOf(chart: UpgradeChart): readonly Entry[] {
  if (isSequenced(chart.marker.object)) throw new Error(`${chart.node.path} already carries the annotations of a sequencer; build the chart anew, in an App of its own, for another one`);
  const entries = objectsOf(chart).map(entryOf);
  refuseDuplicates(entries);
  return entries;
}

function entryOf(object: ApiObject): Entry {
  const placed = placedOf(object);
  if (!placed) throw new Error(`${object.kind} ${object.name} at ${object.node.path} has no place in the upgrade; give it one: place(object, { placement: placement('upgrade', 0, 'tracked'), why: '...' })`);
  return { object, placed };
}

function refuseDuplicates(entries: readonly Entry[]): void {
  const seen = new Map<string, string>();
  for (const { object } of entries) {
    const identity = `${object.kind}.${object.apiGroup} ${object.metadata.namespace ?? ''}/${object.name}`;
    const other = seen.get(identity);
    if (other) throw new Error(`${identity} stands twice in the upgrade, at ${other} and ${object.node.path}; only one of them would be applied`);
    seen.set(identity, object.node.path);
  }
}

/** File of the output that holds an object: one for each phase, and for what a recipe sets apart. */
function fileName({ placement, file }: Placed): string {
  const phase = `${PHASES.indexOf(placement.phase) + 1}-${placement.phase}`;
  return `${file === undefined ? phase : `${phase}-${file}`}.yaml`;
}

/** Entries by the file that holds them, files in the order of their names. */
export function byFile(entries: readonly Entry[]): readonly (readonly [name: string, entries: Entry[]])[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const name = fileName(entry.placed);
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Order of texts by their code units, the same everywhere. */
export function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
