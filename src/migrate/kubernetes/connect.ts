import { clusterAt } from '../../kube/client.ts';
import type { Cluster } from '../../kube/cluster.ts';
import { type Endpoint, loadEndpoint } from '../../kube/endpoint.ts';
import { givenEndpoint } from '../../kube/given-endpoint.ts';
import type { PodService } from '../../kube/service-account.ts';
import type { KubernetesAccess } from '../config/kubernetes.ts';
import { readFile } from '../config/read-file.ts';
import { MigrationError } from '../contract.ts';

export interface ConnectOptions {
  /** In a Pod: its ServiceAccount counts where nothing is configured. */
  readonly pod?: PodService | undefined;
  /** How long one call is tried, milliseconds. */
  readonly callTimeoutMs: number;
}

export interface Connection {
  readonly cluster: Cluster;
  close(): void;
}

/** @throws MigrationError `config` when there is nothing to connect to */
export async function connectTo(access: KubernetesAccess, { pod, callTimeoutMs }: ConnectOptions): Promise<Connection> {
  try {
    const endpoint = await endpointOf(access, pod);
    return { cluster: clusterAt(endpoint, { boundMs: callTimeoutMs, attemptMs: callTimeoutMs }), close: () => endpoint.close() };
  } catch (error) {
    throw new MigrationError('config', `the Kubernetes datastore: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function endpointOf({ kubeconfig, endpoint: url, token, insecure, ...files }: KubernetesAccess, pod: PodService | undefined): Promise<Endpoint> {
  const texts = Object.fromEntries(Object.entries(files).map(([name, path]) => [name, textOf(path)]));
  const given = { ...texts, ...(url !== undefined && { url }), ...(token !== undefined && { token }), ...(insecure !== undefined && { insecure }) };
  if (kubeconfig === undefined && url !== undefined) return givenEndpoint(given);
  return givenEndpoint(given, await loadEndpoint(kubeconfig === undefined ? { pod } : { kubeconfig }));
}

function textOf(path: string): string {
  const found = readFile(path);
  if ('error' in found) throw new Error(`${path} can't be read: ${found.error}`);
  return found.text;
}
