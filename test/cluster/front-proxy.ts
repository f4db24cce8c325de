import { join } from 'node:path';

import { run } from './run.ts';

/** What lets an API server pass requests on to another one, in the name of the user who asked (Kubernetes: the aggregation layer). */
export interface FrontProxy {
  /** For the server that passes on. */
  readonly clientFlags: readonly string[];
  /** For the server that answers. */
  readonly serverFlags: readonly string[];
}

const NAME = 'front-proxy';

/** Makes an authority and its one client certificate in the folder `pki`. */
export async function makeFrontProxy(pki: string): Promise<FrontProxy> {
  const [authority, certificate] = [join(pki, `${NAME}-ca`), join(pki, NAME)];
  const make = (...args: readonly string[]) => run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...args]);
  await make('-subj', `/CN=${NAME}-ca`, '-keyout', `${authority}.key`, '-out', `${authority}.crt`);
  await make('-subj', `/CN=${NAME}`, '-keyout', `${certificate}.key`, '-out', `${certificate}.crt`, '-CA', `${authority}.crt`, '-CAkey', `${authority}.key`, '-addext', 'extendedKeyUsage=clientAuth', '-addext', 'basicConstraints=CA:FALSE');
  return {
    // Pods of the cluster network may not be reachable, so Services are resolved to their endpoints.
    clientFlags: ['--enable-aggregator-routing=true', `--proxy-client-cert-file=${certificate}.crt`, `--proxy-client-key-file=${certificate}.key`],
    serverFlags: [
      `--requestheader-client-ca-file=${authority}.crt`,
      `--requestheader-allowed-names=${NAME}`,
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    ],
  };
}
