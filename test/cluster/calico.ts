import { readFileSync } from 'node:fs';

import type { Cluster, Json } from './cluster.ts';
import { calicoStandIns } from './images/calico-stand-ins.ts';
import { testdata } from './paths.ts';

/** Upstream's published manifest of a release, unmodified. */
export function upstreamCalico(version: string, file = 'calico.yaml'): string {
  return readFileSync(testdata(`calico/${version}/${file}`), 'utf8');
}

/**
 * The source of upgrades: objects of v3.24.6 re-tagged v3.13.4. Older manifests don't install on a current API server
 * (their CRDs are v1beta1). The images of release v3.24.6 say v3.24.5.
 */
export function sourceCalico(version = 'v3.13.4'): string {
  return upstreamCalico('v3.24.6').replaceAll(/(image: \S+):v3\.24\.5\b/g, `$1:${version}`);
}

/** Without what keeps Calico's CRDs OutOfSync in Argo CD for good: the API server doesn't store this default. */
export function withoutCrdDefaults(manifest: string): string {
  return manifest.replaceAll(/^ {2}preserveUnknownFields: false\n/gm, '');
}

/** The manifest with one more environment variable for the container calico-node, such as the stand-in's switches. */
export function withNodeEnv(manifest: string, name: string, value: string): string {
  const first = /^( +)- name: DATASTORE_TYPE$/m;
  if (!first.test(manifest)) throw new Error('the manifest has no DATASTORE_TYPE to put the variable before');
  return manifest.replace(first, `$1- name: ${name}\n$1  value: ${JSON.stringify(value)}\n$&`);
}

/** Loads the stand-ins of `version`, applies `sourceCalico(version)` and waits until all of it is ready. */
export async function installSourceCalico(cluster: Cluster, version = 'v3.13.4'): Promise<void> {
  await cluster.images.load(...(await calicoStandIns(version)));
  // Client-side, as people installed it then: the last-applied annotation is what lets the next apply take dropped fields away.
  await cluster.kubectl(['apply', '-f', '-'], sourceCalico(version));
  await Promise.all([
    cluster.waitForRollout('daemonset/calico-node', 'kube-system'),
    cluster.waitForRollout('deployment/calico-kube-controllers', 'kube-system'),
  ]);
}

/** The version that the last calico-node to start has written. */
export async function calicoVersion(cluster: Cluster): Promise<string | undefined> {
  const information = await cluster.get('clusterinformations.crd.projectcalico.org', 'default');
  return information?.spec?.calicoVersion;
}

/** Pods of calico-node. */
export async function nodePods(cluster: Cluster): Promise<Json[]> {
  const pods: Json[] = await cluster.get('pods', undefined, 'kube-system');
  return pods.filter(({ metadata }) => metadata.labels?.['k8s-app'] === 'calico-node');
}

export interface HostEndpointOptions {
  readonly name: string;
  readonly node: string;
  /** `*` means all of the host's interfaces. @default '*' */
  readonly interfaceName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly profiles?: readonly string[];
}

/** A host endpoint as `crd.projectcalico.org/v1` stores it. */
export function hostEndpoint(options: HostEndpointOptions): Json {
  return {
    apiVersion: 'crd.projectcalico.org/v1',
    kind: 'HostEndpoint',
    metadata: { name: options.name, labels: { ...options.labels } },
    spec: {
      node: options.node,
      interfaceName: options.interfaceName ?? '*',
      ...(options.profiles && { profiles: options.profiles }),
    },
  };
}

/** What calico-kube-controllers makes for a node when automatic host endpoints are on. */
export function automaticHostEndpoint(node: string): Json {
  return hostEndpoint({
    name: `${node}-auto-hep`,
    node,
    labels: { 'projectcalico.org/created-by': 'calico-kube-controllers' },
    profiles: ['projectcalico-default-allow'],
  });
}
