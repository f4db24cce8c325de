import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { measurePair } from '../measure.ts';
import type { BenchNumber } from '../number.ts';
import { NODE, runner } from '../peers.ts';
import { pairRow } from '../table.ts';

/** A step that asks the API server and has nothing to do, with a Pod's ServiceAccount. */
export const runnerStart: BenchNumber = {
  name: 'runner-start',
  about: 'a step with nothing to do, with a ServiceAccount as in a Pod, against node alone',
  async run({ runs, folder }) {
    const api = await emptyApi(folder);
    const argv = [NODE, runner, 'run', 'once-jobs-clear', '--upgrade=calico', '--hooks-namespace=hookwave-calico', '--plan=01234567', '--deadline-seconds=60'];
    const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(api.port), KUBECONFIG: '' };
    try {
      const pair = await measurePair({ argv, env, mounts: { [ACCOUNT]: api.account } }, { argv: [NODE, '-e', '0'] }, { runs, folder });
      return [pairRow('runner: a step with nothing to do, two API calls', pair, { peerName: 'node -e 0', goal: '5', met: pair.ratio.wallMs <= 5 })];
    } finally {
      api.close();
    }
  },
};

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Answers every list with nothing. */
async function emptyApi(folder: string): Promise<{ readonly port: number; readonly account: string; close(): void }> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'ca.crt')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=bench', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  writeFileSync(join(folder, 'token'), 'bench');
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, account: folder, close: () => void server.close() };
}
