import { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';
import type { Endpoint } from './endpoint.ts';

/** What is given instead of a kubeconfig, or goes before what stands in it. */
export interface GivenEndpoint {
  /** URL of the API server. */
  readonly url?: string;
  /** PEM texts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
  /** Take any certificate of the server. @default false */
  readonly insecure?: boolean;
}

/**
 * An endpoint with single settings of its own, as client-go's overrides.
 * @param base where the rest comes from; none needed when the URL is given
 * @throws Error without a URL, or with one that can't be read
 */
export function givenEndpoint({ url: given, ca, cert, key, token, insecure }: GivenEndpoint, base?: Endpoint): Endpoint {
  if (given !== undefined && !URL.canParse(given)) throw new Error('the URL of the API server can\'t be read; write it like https://10.0.0.1:6443');
  const url = given === undefined ? base?.url : new URL(given);
  if (!url) throw new Error('the API server has neither a URL nor a kubeconfig; give one of them');
  const agent = url.protocol === 'http:' ? new HttpAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  const own = { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }), ...(insecure === true && { rejectUnauthorized: false }) };
  return {
    url,
    async options() {
      const found = await base?.options();
      return { ...found, ...own, agent: given === undefined && found ? found.agent : agent, headers: { ...found?.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) } };
    },
    close() {
      agent.destroy();
      base?.close();
    },
  };
}
