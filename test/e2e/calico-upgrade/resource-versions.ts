/** Whether a cluster has changed: every object that the API server can list, and what of it counts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Cluster, Json } from '../../cluster/cluster.ts';

/** resourceVersion of every object but hooks and what moves by itself; of a Pod its uid, because its status moves with its probes. */
export async function resourceVersions(cluster: Cluster): Promise<Readonly<Record<string, string>>> {
  const resources = (await cluster.kubectl(['api-resources', '--verbs=list', '-o', 'name'])).split('\n').filter((name) => name !== '' && !UNLISTED.test(name));
  const objects: Json[] = await cluster.get(resources.join(','));
  return Object.fromEntries(objects.filter((object) => !isHook(object) && !isRestless(object)).map((object) => [nameOf(object), object.kind === 'Pod' ? object.metadata.uid : object.metadata.resourceVersion]));
}

/** Events only tell of others; endpoints are shown again as slices; the status of components is made up when it is asked for. */
const UNLISTED = /^(events|endpoints|componentstatuses)(\.|$)/;
const HOOKS = ['argocd.argoproj.io/hook', 'helm.sh/hook'];

/** Also the Pods of Jobs: the Job itself is looked at. */
function isHook({ kind, metadata }: Json): boolean {
  return HOOKS.some((hook) => metadata.annotations?.[hook]) || (kind === 'Pod' && metadata.ownerReferences?.[0]?.kind === 'Job');
}

/** The tool that syncs notes what it does; Nodes and the leases of Kubernetes are heartbeats; what is being deleted goes in its own time. */
function isRestless({ kind, metadata: { namespace, deletionTimestamp }, type }: Json): boolean {
  return deletionTimestamp !== undefined || namespace === 'argocd' || type === 'helm.sh/release.v1' || kind === 'Node' || (kind === 'Lease' && namespace.startsWith('kube-'));
}

function nameOf({ apiVersion, kind, metadata }: Json): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return `${kind}${group} ${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Names of the objects in a folder of manifests that are no hooks. */
export function trackedObjects(folder: string): readonly string[] {
  const texts = readdirSync(folder).filter((file) => file.endsWith('.yaml')).map((file) => readFileSync(join(folder, file), 'utf8'));
  const objects = texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Json)).filter(Boolean);
  return objects.filter((object) => !isHook(object)).map(nameOf);
}
