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

/** Objects that stand more than once in a set. Where only Helm is looked at, hooks may share a name: each is deleted before the next is created. */
export function duplicatesIn({ objects, forArgo }: ManifestSet): readonly Duplicate[] {
  const seen = new Map<string, Manifest>();
  return objects.flatMap((object) => {
    if (object.name === '') return [];
    const key = identityOf(object);
    const first = seen.get(key);
    if (!first) seen.set(key, object);
    return first && (forArgo || !(first.helm.isHook && object.helm.isHook)) ? [{ object, first, equal: object.text === first.text || isDeepStrictEqual(object.object, first.object) }] : [];
  });
}
