import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { join } from 'node:path';
import type { Endpoint } from './endpoint.ts';
import { NoCredentials } from './errors.ts';

/** Where a Pod finds the API server: its environment variables `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT`. */
export interface PodService {
  readonly host: string;
  readonly port: string;
}

/**
 * The API server with the Pod's own ServiceAccount, as client-go's InClusterConfig. The client library does the same, after the 0.9 MB of code that it
 * needs for kubeconfigs; hook Pods need only this.
 * @param folder where the kubelet puts token and CA
 */
export async function serviceAccountEndpoint({ host, port }: PodService, folder = FOLDER): Promise<Endpoint> {
  const url = new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`);
  const agent = new Agent({ keepAlive: true });
  const ca = await read(folder, 'ca.crt');
  const token = rereadToken(folder);
  return { url, options: async () => ({ ca, agent, headers: { authorization: `Bearer ${await token()}` } }), close: () => agent.destroy() };
}

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Tokens rotate; client-go, too, reads them again after a minute. */
const REREAD_MS = 60_000;

function rereadToken(folder: string): () => Promise<string> {
  let token = '';
  let readAt = -Infinity;
  return async () => {
    const now = performance.now();
    if (now - readAt >= REREAD_MS) {
      token = (await read(folder, 'token')).trim();
      readAt = now;
    }
    return token;
  };
}

async function read(folder: string, name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8').catch((cause: unknown) => {
    throw new NoCredentials(`this Pod has no ${join(folder, name)}; let it have the token of its ServiceAccount (automountServiceAccountToken)`, { cause });
  });
}
