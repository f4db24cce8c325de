import { readDocuments } from '../../src/sequencers/manifests/documents.ts';
import type { Manifest } from '../../src/sequencers/manifests/manifest.ts';
import { isClusterScoped } from '../../src/sequencers/manifests/scope.ts';
import type { Group, Prediction } from '../../src/sequencers/prediction.ts';
import { DESTINATION, type PlainObject } from './random-set.ts';

/** What the recorder saw: writes that an engine had under way at the same time, or a wait. */
export interface Batch {
  readonly do: 'apply' | 'delete' | 'wait';
  readonly at?: string;
  readonly objects: readonly string[];
}

/** What an engine did with a set. */
export interface Recording {
  readonly message?: string;
  readonly outcome: string;
  readonly batches: readonly Batch[];
}

/** Read once: several engines judge one set. */
const read = new WeakMap<readonly PlainObject[], readonly Manifest[]>();

export function manifests(objects: readonly PlainObject[]): readonly Manifest[] {
  const found = read.get(objects) ?? readDocuments([{ file: 'set', text: objects.map((one) => JSON.stringify(one)).join('\n---\n') }]).objects;
  read.set(objects, found);
  return found;
}

/** The first difference between a prediction and what an engine did; `undefined`: none. */
export function difference<P>({ moments, outcome }: Prediction<P>, recorded: Recording, describe: (at: P) => string | undefined, nameOf: (object: Manifest, at: P) => string = ({ name }) => name): string | undefined {
  const left = [...recorded.batches];
  for (const { at, groups, waitsFor } of moments) {
    for (const group of groups) {
      const expected = { do: group.action, at: describe(at), ids: group.objects.map((object) => idOf(object, nameOf(object, at))) };
      const found = matches(group, expected, left);
      if (!found) return `predicted ${group.order} ${JSON.stringify(expected)}, the engine did ${JSON.stringify(left.slice(0, 3))}`;
    }
    for (const wait of waitsFor) {
      const next = left.shift();
      if (next?.do !== 'wait' || next.objects[0] !== wait) return `predicted a wait for ${wait} after ${describe(at)}, the engine did ${JSON.stringify(next)}`;
    }
  }
  if (left.length > 0) return `the engine did also ${JSON.stringify(left)}`;
  return outcome === recorded.outcome.toLowerCase() ? undefined : `predicted ${outcome}, the engine ended ${recorded.outcome}`;
}

interface Expected {
  readonly do: string;
  readonly at: string | undefined;
  readonly ids: readonly string[];
}

/** Takes a group off the recorded batches. */
function matches({ order }: Group, { ids, ...place }: Expected, left: Batch[]): boolean {
  const isHere = (batch: Batch | undefined): batch is Batch => batch?.do === place.do && (place.at === undefined || batch.at === place.at);
  if (order === 'parallel') return takes(ids);
  if (order === 'sequence') return ids.every((id) => takes([id]));
  const missing = [...ids];
  while (missing.length > 0) {
    const next = left.shift();
    if (!isHere(next) || !next.objects.every(isTaken)) return false;
  }
  return true;

  function isTaken(id: string): boolean {
    const index = missing.indexOf(id);
    if (index >= 0) missing.splice(index, 1);
    return index >= 0;
  }

  function takes(some: readonly string[]): boolean {
    const next = left.shift();
    return isHere(next) && JSON.stringify(next.objects) === JSON.stringify([...some].sort());
  }
}

function idOf({ group, kind, namespace }: Manifest, name: string): string {
  return `${kind}.${group} ${isClusterScoped(kind) || kind === 'Area' ? '' : namespace || DESTINATION}/${name}`;
}
