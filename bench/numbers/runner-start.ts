import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { measurePair } from '../measure.ts';
import type { BenchNumber } from '../number.ts';
import { NODE, runner } from '../peers.ts';
import { pairRow } from '../table.ts';

/** A step that asks the API server and has nothing to do. */
export const runnerStart: BenchNumber = {
  name: 'runner-start',
  about: 'a step with nothing to do, against node alone',
  async run({ runs, folder }) {
    const api = await emptyApi();
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(api.url)));
    const argv = [NODE, runner, 'run', 'once-jobs-clear', '--upgrade=calico', '--hooks-namespace=hookwave-calico', '--plan=01234567', '--deadline-seconds=60'];
    try {
      const pair = await measurePair({ argv, env: { KUBECONFIG: kubeconfig } }, { argv: [NODE, '-e', '0'] }, { runs, folder });
      const { ratio } = pair;
      return [pairRow('runner: a step with nothing to do, one API call', pair, { peerName: 'node -e 0', goal: '5', met: ratio.wallMs <= 5 })];
    } finally {
      api.close();
    }
  },
};

/** Answers every list with nothing. */
async function emptyApi(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}

function kubeconfigOf(server: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'bench', cluster: { server } }],
    users: [{ name: 'bench', user: { token: 'bench' } }],
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    'current-context': 'bench',
  };
}
