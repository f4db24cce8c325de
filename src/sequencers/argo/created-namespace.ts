import { readDocuments } from '../manifests/documents.ts';
import type { Manifest } from '../manifests/manifest.ts';

/**
 * What `CreateNamespace=true` adds to a sync: the destination's namespace in PreSync, unless it stands among the objects (autoCreateNamespace in sync_context.go).
 * A namespace that is a hook does not count as standing there.
 */
export function createdNamespace(targets: readonly Manifest[], name: string): readonly Manifest[] {
  if (targets.some(({ kind, group, argo, ...object }) => kind === 'Namespace' && group === '' && object.name === name && !argo.isHook)) return [];
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return readDocuments([{ file: '', text }]).objects.map((object) => ({ ...object, argo: { ...object.argo, phases: ['PreSync'] } }));
}
