/** Definitions, objects and statuses for the health scripts, and what the real controller says of them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { OperationResult } from '../../cluster/argocd-applications.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { createGitRepo } from '../../cluster/git-repo.ts';
import { testdata } from '../../cluster/paths.ts';
import { healthStates, type HealthState, newDefinition, ownedNames } from './health-states.ts';
import { root } from './upgrade-source.ts';

const HEALTH_APP = 'health';

/** Lays deploy/argocd/health over the argocd-cm of this cluster, as a user's kustomization would. */
export async function applyHealthScripts(cluster: Cluster): Promise<void> {
  const folder = join(cluster.dir, 'argocd-cm');
  mkdirSync(folder);
  const { apiVersion, kind, data = {} } = await cluster.get('configmap', 'argocd-cm', 'argocd');
  writeFileSync(join(folder, 'argocd-cm.yaml'), JSON.stringify({ apiVersion, kind, metadata: { name: 'argocd-cm' }, data }));
  writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify({ namespace: 'argocd', resources: ['argocd-cm.yaml'], components: [relative(folder, join(root, 'deploy/argocd/health'))] }));
  await cluster.apply(await cluster.kubectl(['kustomize', '--load-restrictor', 'LoadRestrictionsNone', folder]));
}

/** One object for each state, each with the status that its controller would write, and an Application over all of them. */
export async function createHealthApplication(cluster: Cluster): Promise<void> {
  // Else it reads the whole API again after each definition, half a second of CPU time each.
  await cluster.argocd.controller.kill();
  await cluster.apply([...definitions(), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: HEALTH_APP } }]);
  await cluster.kubectl(['wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all']);
  const objects = healthStates.map(objectOf);
  await cluster.apply(objects);
  const withStatus = healthStates.filter(({ status }) => status);
  await cluster.kubectl(['apply', '--server-side', '--subresource=status', '-f', '-'], statuses(withStatus.filter(({ plainStatus }) => !plainStatus)));
  await cluster.apply(statuses(withStatus.filter(({ plainStatus }) => plainStatus)), { fieldManager: 'controllers' });
  await freeze(cluster);
  const repo = await createGitRepo(join(cluster.dir, 'health-repo'));
  await repo.commit({ 'all.yaml': objects.map((object) => JSON.stringify(object)).join('\n---\n') }, 'one of each');
  await cluster.argocd.controller.start();
  await cluster.argocd.createApplication({ name: HEALTH_APP, repo: repo.url, destinationNamespace: HEALTH_APP });
}

/** Syncs an Application that brings a definition in a wave of its own, and says how that ended. */
export async function syncNewDefinition(cluster: Cluster): Promise<OperationResult> {
  const repo = await createGitRepo(join(cluster.dir, 'definition-repo'));
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'after' } };
  await repo.commit({ 'all.yaml': [objectOf(newDefinition), configMap].map((object) => JSON.stringify(object)).join('\n---\n') }, 'a new kind');
  await cluster.argocd.createApplication({ name: 'definition', repo: repo.url });
  await cluster.argocd.refresh('definition');
  await cluster.argocd.sync('definition', { retry: { limit: 0 } });
  return cluster.argocd.waitForOperation('definition');
}

/** Starts a sync of an Application that brings another one, which somebody has to sync by hand, and a ConfigMap `after` in a later wave; resolves when the child has been looked at. */
export async function syncParent(cluster: Cluster): Promise<void> {
  const commit = async (name: string, ...objects: readonly Json[]): Promise<string> => {
    const repo = await createGitRepo(join(cluster.dir, `${name}-repo`));
    await repo.commit({ 'all.yaml': objects.map((object) => JSON.stringify(object)).join('\n---\n') }, name);
    return repo.url;
  };
  const configMap = (name: string): Json => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } });
  const source = { repoURL: await commit('child', configMap('of-the-child')), path: '.', targetRevision: 'main' };
  const child = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'child', namespace: 'argocd', annotations: { 'argocd.argoproj.io/sync-wave': '-1' } },
    spec: { project: 'default', source, destination: { server: 'https://kubernetes.default.svc', namespace: 'default' } },
  };
  await cluster.argocd.createApplication({ name: 'parent', repo: await commit('parent', child, configMap('after-the-child')) });
  await cluster.argocd.refresh('parent');
  await cluster.argocd.sync('parent', { retry: { limit: 0 } });
  await cluster.waitFor('the child to be compared', async () => (await cluster.get('applications.argoproj.io', 'child', 'argocd'))?.status?.sync?.status === 'OutOfSync');
}

/** `Kind/name: health, message` of all objects that are not as they should be. */
export async function wrongHealth(cluster: Cluster): Promise<readonly string[]> {
  const { resources } = await cluster.argocd.status(HEALTH_APP);
  return healthStates.flatMap(({ kind, name, health, says = '' }) => {
    const found = resources.find((one) => one.kind === kind && one.name === name)?.health;
    return found?.status === health && (found.message ?? '').includes(says) ? [] : [`${kind}/${name}: ${found?.status}, ${found?.message}; wanted ${health}, ${says}`];
  });
}

/** What the runner does to a stuck rollout, after a change of the template. */
async function freeze(cluster: Cluster): Promise<void> {
  const patch = { metadata: { annotations: { 'hookwave.dev/frozen-by': '0a1b2c3d' } }, spec: { template: { metadata: { labels: { release: 'new' } } } } };
  await cluster.waitFor('the first Pod of the frozen DaemonSet', async () => (await cluster.get('daemonset', 'frozen', HEALTH_APP)).status.updatedNumberScheduled === 1);
  await cluster.kubectl(['patch', 'daemonset', 'frozen', '-n', HEALTH_APP, '--type=merge', '-p', JSON.stringify(patch)]);
}

function objectOf({ apiVersion, kind, name, cluster, metadata, spec = {}, fields }: HealthState): Json {
  const hasSpec = kind !== 'TigeraStatus';
  return { apiVersion, kind, metadata: { ...metadata, name, ...(cluster ? {} : { namespace: HEALTH_APP }) }, ...(hasSpec ? { spec } : {}), ...fields };
}

function statuses(states: readonly HealthState[]): string {
  return states
    .map(({ apiVersion, kind, name, cluster, status, plainStatus, spec }) =>
      JSON.stringify({ apiVersion, kind, metadata: { name, ...(cluster ? {} : { namespace: HEALTH_APP }) }, ...(plainStatus ? { spec } : {}), status }),
    )
    .join('\n---\n');
}

const UPSTREAM = [
  'calico/v3.32.1/operator-crds.yaml',
  'openebs/upgradetask-crd.yaml',
  'openebs/cstor-crds.yaml',
  'system-upgrade-controller/plans-crd.yaml',
  'cluster-api/cluster.x-k8s.io_clusters.yaml',
  'cluster-api/cluster.x-k8s.io_machinedeployments.yaml',
];

/** Upstream's definitions of the kinds that are used; stand-ins without a schema for two kinds whose definitions are not at hand. */
function definitions(): readonly Json[] {
  const used = new Set(healthStates.map(({ apiVersion, kind }) => `${apiVersion.split('/')[0]}/${kind}`));
  const upstream: Json[] = UPSTREAM.flatMap((file) => parseAllDocuments(readFileSync(testdata(file), 'utf8')).map((document) => document.toJS()));
  const found = upstream.filter((crd) => crd?.kind === 'CustomResourceDefinition' && used.has(`${crd.spec.group}/${crd.spec.names.kind}`));
  const standIns = [standIn('controlplane.cluster.x-k8s.io', 'KubeadmControlPlane', 'v1beta2'), standIn('elemental.cattle.io', 'ManagedOSImage', 'v1beta1')];
  return [...new Map([...found, ...standIns, objectOf(ownedNames)].map((crd) => [crd.metadata.name, crd])).values()];
}

function standIn(group: string, kind: string, version: string): Json {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, annotations: { 'api-approved.kubernetes.io': 'unapproved, a stand-in of a test' } },
    spec: { group, scope: 'Namespaced', names: { plural, kind }, versions: [{ name: version, served: true, storage: true, schema, subresources: { status: {} } }] },
  };
}
