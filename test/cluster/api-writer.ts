import type { Send } from './api-client.ts';
import { pathOf } from './api-reader.ts';
import type { Resources } from './api-resources.ts';
import type { Json } from './cluster.ts';

/** Writes as `kubectl apply --server-side --force-conflicts` does, one object after the other. False, with nothing written, when the API server does not serve a kind. */
export async function applyObjects(send: Send, resources: Resources, objects: readonly Json[], fieldManager: string): Promise<boolean> {
  const served = await Promise.all(objects.map(({ apiVersion, kind }) => resources.ofKind(apiVersion, kind)));
  for (const [index, resource] of served.entries()) if (!resource || !objects[index].metadata?.name) return false;
  const query = new URLSearchParams({ fieldManager, force: 'true', fieldValidation: 'Strict' });
  for (const [index, object] of objects.entries()) {
    const path = pathOf(served[index]!, object.metadata.name, object.metadata.namespace);
    const { status, body } = await send({ method: 'PATCH', path: `${path}?${query}`, contentType: 'application/apply-patch+yaml', body: object });
    if (status >= 300) throw new Error(`apply of ${object.kind} ${object.metadata.name}: ${status} ${body?.message ?? body}`);
  }
  return true;
}
