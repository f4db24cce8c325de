/** How the cluster serves Calico's kinds, and the way from one to the next: `storage`, then `unavailable`, `aggregated`, `native`. */
import { upstreamCalico } from '../../cluster/calico.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { kubectlFor } from '../../cluster/kubectl.ts';

/** What lies before the CRDs of the storage, if anything, or in their place. */
export type Serving =
  | 'storage'
  /** APIService v3.projectcalico.org, and nobody answers. */
  | 'unavailable'
  /** The APIService, and a second API server that has these kinds as CRDs of its own. Unlike calico-apiserver it does not keep them in the storage of the first. */
  | 'aggregated'
  /** CRDs of group projectcalico.org, and no others. */
  | 'native';

export async function serveCalico(cluster: Cluster, serving: Serving): Promise<void> {
  await WAYS[serving](cluster);
}

const WAYS: Readonly<Record<Serving, (cluster: Cluster) => Promise<void>>> = { storage: toStorage, unavailable: toUnavailable, aggregated: toAggregated, native: toNative };

async function toStorage(cluster: Cluster): Promise<void> {
  await cluster.apply(storageDefinitions());
  await established(cluster.kubectl);
}

async function toUnavailable(cluster: Cluster): Promise<void> {
  const { port } = cluster.extension;
  await cluster.apply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: SERVICE, namespace: NAMESPACE }, spec: { ports: [{ name: 'api', port: 443, targetPort: port }] } },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: API_SERVICE },
      spec: { group: 'projectcalico.org', version: 'v3', groupPriorityMinimum: 1500, versionPriority: 200, insecureSkipTLSVerify: true, service: { name: SERVICE, namespace: NAMESPACE } },
    },
  ]);
  await availability(cluster, 'False');
}

async function toAggregated(cluster: Cluster): Promise<void> {
  const { address, port, kubeconfig } = cluster.extension;
  // Where a selection of tests has left out what comes before.
  if (!(await cluster.get('apiservice', API_SERVICE))) await toUnavailable(cluster);
  await cluster.extension.start();
  const second = kubectlFor(kubeconfig, cluster.dir);
  // The first one has asked for the rights already.
  await second.kubectl(['create', 'clusterrolebinding', 'everybody', '--clusterrole=cluster-admin', '--group=system:authenticated']);
  await second.apply(v3Definitions());
  await established(second.kubectl);
  await cluster.apply({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: SERVICE, namespace: NAMESPACE, labels: { 'kubernetes.io/service-name': SERVICE } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: 'api', port, protocol: 'TCP' }],
  });
  await availability(cluster, 'True');
}

async function toNative(cluster: Cluster): Promise<void> {
  await cluster.kubectl(['delete', 'apiservice', API_SERVICE, '--ignore-not-found']);
  await cluster.extension.kill();
  const all: readonly Json[] = await cluster.get('customresourcedefinitions');
  const ofStorage = all.filter(({ spec }) => spec.group === 'crd.projectcalico.org').map(({ metadata }) => metadata.name);
  await cluster.kubectl(['delete', 'customresourcedefinitions', ...ofStorage]);
  await cluster.apply(v3Definitions());
  await established(cluster.kubectl);
  await availability(cluster, 'True');
  await cluster.waitFor('the end of group crd.projectcalico.org', async () => !(await cluster.kubectl(['get', '--raw', '/apis'])).includes('"crd.projectcalico.org"'), { everyMs: 200 });
}

const API_SERVICE = 'v3.projectcalico.org';
const NAMESPACE = 'calico-apiserver';
const SERVICE = 'calico-api';

function storageDefinitions(): string {
  const wanted = /name: (hostendpoints|globalnetworkpolicies|clusterinformations|tiers)\.crd\.projectcalico\.org/;
  return upstreamCalico('v3.32.1').split(/^---$/m).filter((text) => text.includes('kind: CustomResourceDefinition') && wanted.test(text)).join('\n---\n');
}

/** Upstream's definitions of its storage under the user's group and version: the schemas of objects are the same. */
function v3Definitions(): string {
  return storageDefinitions().replaceAll('crd.projectcalico.org', 'projectcalico.org').replaceAll(/^( +-? *)name: v1$/gm, '$1name: v3');
}

async function established(kubectl: Cluster['kubectl']): Promise<void> {
  await kubectl(['wait', '--for=condition=Established', '--timeout=30s', 'customresourcedefinitions', '--all']);
}

function availability(cluster: Cluster, status: 'True' | 'False'): Promise<unknown> {
  return cluster.waitFor(
    `APIService ${API_SERVICE} to be available: ${status}`,
    async () => ((await cluster.get('apiservice', API_SERVICE))?.status?.conditions ?? []).some((one: Json) => one.type === 'Available' && one.status === status),
    { everyMs: 200 },
  );
}
