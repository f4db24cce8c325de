import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '../manifests/manifest.ts';
import type { ManifestSet } from './model.ts';
import { identityOf } from '../manifests/scope.ts';

export interface Duplicate {
  readonly object: Manifest;
  /** The one that stands before it. */
  readonly first: Manifest;
  readonly equal: boolean;
}

/** Objects that stand more than once in a set. Where only Helm is looked at, hooks may share a name when each is deleted before the next is created. */
export function duplicatesIn({ objects, forArgo }: ManifestSet): readonly Duplicate[] {
  const seen = new Map<string, Manifest>();
  return objects.flatMap((object) => {
    if (object.name === '') return [];
    const key = identityOf(object);
    const first = seen.get(key);
    if (!first) seen.set(key, object);
    return first && (forArgo || !isDeletedBefore(first, object)) ? [{ object, first, equal: isEqual(object, first) }] : [];
  });
}

/** The items of a List share a text. */
function isEqual(one: Manifest, other: Manifest): boolean {
  return (one.within.length === 0 && one.text === other.text) || isDeepStrictEqual(one.object, other.object);
}

/** Whether Helm deletes the first hook before it creates the second: at once, or at the end of the event before. It never deletes definitions (helm v4.2 pkg/action/hooks.go). */
function isDeletedBefore({ helm: first }: Manifest, { helm: second, kind }: Manifest): boolean {
  if (!first.isHook || !second.isHook || kind === 'CustomResourceDefinition') return false;
  const shareEvent = first.events.some((event) => second.events.includes(event));
  return second.policies.includes('BeforeHookCreation') || (first.policies.includes('HookSucceeded') && !shareEvent);
}
