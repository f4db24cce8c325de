import type { Cluster, KubeConfig } from '@kubernetes/client-node';
import type { Agent, OutgoingHttpHeaders } from 'node:http';
import type { RequestOptions } from 'node:https';
import { NoCredentials } from './errors.ts';
import { serviceAccountEndpoint, type PodService } from './service-account.ts';

/** Where an API server is and how to speak to it. */
export interface Endpoint {
  readonly url: URL;
  /** Credentials and TLS material for one request; asked anew each time, because tokens rotate. */
  options(): Promise<EndpointOptions>;
  /** Closes idle connections. */
  close(): void;
}

export type EndpointOptions = Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername' | 'auth'> & {
  readonly headers: OutgoingHttpHeaders;
  readonly agent: Agent;
};

export interface EndpointSource {
  /** Kubeconfig file. @default $KUBECONFIG, ~/.kube/config, then the Pod's ServiceAccount */
  readonly kubeconfig?: string;
  /** @default the kubeconfig's current context */
  readonly context?: string;
  /** In a Pod: its ServiceAccount, and no kubeconfig is looked for. */
  readonly pod?: PodService | undefined;
}

/**
 * Reads a kubeconfig (certificates, tokens, exec plugins, proxies) or the Pod's ServiceAccount, whose token is read again every minute.
 * The client library's configuration module is the only part of it that is loaded, and only here.
 * @throws Error when there is no such file, context or cluster
 */
export async function loadEndpoint(source: EndpointSource = {}): Promise<Endpoint> {
  if (source.pod) return serviceAccountEndpoint(source.pod);
  const [{ KubeConfig }, https, http] = await Promise.all([import('@kubernetes/client-node/dist/config.js'), import('node:https'), import('node:http')]);
  const config = new KubeConfig();
  load(config, source.kubeconfig);
  if (!source.kubeconfig && config.getCurrentCluster()?.server === FALLBACK) throw new Error('there is no kubeconfig, and this is no Pod with a ServiceAccount; pass --kubeconfig or set KUBECONFIG');
  if (source.context) config.setCurrentContext(source.context);
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(missingContext(config.getCurrentContext(), config.getContexts().map(({ name }) => name)));
  const url = serverOf(cluster);
  const agent = url.protocol === 'http:' ? new http.Agent({ keepAlive: true }) : new https.Agent({ keepAlive: true });
  return {
    url,
    async options() {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options).catch((cause: unknown) => {
        throw new NoCredentials(`no credentials for ${url.origin}: ${cause instanceof Error ? cause.message : String(cause)}; mend the user in the kubeconfig, or choose another with --context`, { cause });
      });
      const { ca, cert, key, rejectUnauthorized, servername, auth } = options;
      const tls = Object.fromEntries(Object.entries({ ca, cert, key, rejectUnauthorized, servername, auth }).filter(([, value]) => value !== undefined));
      return { ...tls, headers: { ...(options.headers as OutgoingHttpHeaders) }, agent: cluster.proxyUrl ? (options.agent as Agent) : agent };
    },
    close: () => agent.destroy(),
  };
}

function load(config: KubeConfig, file: string | undefined): void {
  try {
    if (file) config.loadFromFile(file);
    else config.loadFromDefault();
  } catch (cause) {
    // Below the first line of its message the YAML parser quotes the file, tokens and all, and in the first one an alias (`*`) or a tag (`!`); a cause would carry it further.
    const reason = (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0]?.replace(/(?:: | ["!]).*(?= \(\d+:\d+\)$)/, '');
    // oxlint-disable-next-line preserve-caught-error
    throw new Error(`${file ? `kubeconfig ${file}` : 'the kubeconfig of $KUBECONFIG or ~/.kube/config'} can't be read: ${reason}; pass another with --kubeconfig`);
  }
}

function serverOf({ name, server }: Cluster): URL {
  if (!URL.canParse(server)) throw new Error(`cluster ${name} of the kubeconfig has the server ${JSON.stringify(server)}, which is no URL; write it as https://HOST:PORT`);
  return new URL(server);
}

/** What the client library assumes when it finds no configuration. */
const FALLBACK = 'http://localhost:8080';

function missingContext(context: string, known: readonly string[]): string {
  if (!context) return 'the kubeconfig names no current context; pass --context';
  return `the kubeconfig has no context ${context} with a cluster; it has: ${known.join(', ') || 'none'}`;
}
