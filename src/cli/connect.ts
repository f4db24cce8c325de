import type { Cluster } from '../kube/cluster.ts';
import type { EndpointSource } from '../kube/endpoint.ts';
import { ApiError, ApiUnavailable } from '../kube/errors.ts';

/** Somebody waits at a prompt and can call again, which a Pod can't: 10 s, not the runner's minute. */
const PATIENCE_MS = 10_000;

/** The cluster of a command; the client is loaded only here. @throws Error when there is no usable kubeconfig */
export async function connectFor({ kubeconfig, context }: EndpointSource): Promise<Cluster> {
  const { connect } = await import('../kube/client.ts');
  return connect({ ...(kubeconfig && { kubeconfig }), ...(context && { context }), boundMs: PATIENCE_MS, attemptMs: PATIENCE_MS });
}

/** What somebody at a prompt can do about an answer of the API server; nothing where its message says all. */
export function adviceOn(error: unknown): string {
  if (error instanceof ApiUnavailable) return '\n    fix: see whether `kubectl version` reaches the cluster; --kubeconfig and --context choose another';
  if (error instanceof ApiError && error.status === 401) return '\n    fix: the credentials of the kubeconfig are not accepted; log in again, or choose others with --kubeconfig and --context';
  return '';
}
