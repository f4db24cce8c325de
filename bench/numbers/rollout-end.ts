import { setTimeout as sleep } from 'node:timers/promises';
import { connectV2 } from '../../src/etcd/v2.ts';
import { connectV3 } from '../../src/etcd/v3.ts';
import { v1Cluster } from '../../test/calico-v1/cluster.ts';
import { fillV1, wipe } from '../../test/calico-v1/etcd.ts';
import type { Json } from '../../test/cluster/cluster.ts';
import { type Etcd, startEtcd } from '../../test/cluster/etcd.ts';
import { type Api, apiOf } from '../../test/e2e/matrix/api.ts';
import { type MatrixCluster, startMatrixCluster } from '../../test/e2e/matrix/matrix-cluster.ts';
import { ownPod, record, rolling, type Scenario } from '../../test/e2e/matrix/scenarios.ts';
import { play, putState } from '../../test/e2e/matrix/state.ts';
import { RUNNER, runProgram, startProgram } from '../../test/e2e/migrate/program.ts';
import { daemonSet, nodeImage } from '../../test/src/calico/objects.ts';
import { median } from '../measure.ts';
import type { BenchNumber, Row } from '../number.ts';
import { formatMs } from '../table.ts';

/** On a real API server, whose DaemonSet the bench moves: from just before it sends the last status to the end of the process that waits. */
export const rolloutEnd: BenchNumber = {
  name: 'rollout-end',
  about: 'from the end of a rollout to the end of the step and of the completion Job that wait for it',
  needs: 'cluster',
  async run({ runs, folder }) {
    const [matrix, etcd] = await Promise.all([startMatrixCluster(), startEtcd({ v2: true })]);
    const api = apiOf(matrix.cluster);
    try {
      const step = await times(runs, () => stepOnce(matrix));
      const job = await times(runs, () => completionOnce({ api, etcd, kubeconfig: matrix.cluster.kubeconfig, folder }));
      return [row('end of the rollout to the end of calico-rollout-watch', step), row('last roll of the DaemonSet to the end of completion-job', job)];
    } finally {
      await Promise.all([matrix.stop(), etcd.stop()]);
    }
  },
};

const GOAL_MS = 100;
/** Between what the process has shown to wait for and the end of the rollout. */
const SETTLE_MS = 500;

async function times(runs: number, once: () => Promise<number>): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let run = 0; run < runs; run++) taken.push(await once());
  return taken;
}

function row(what: string, taken: readonly number[]): Row {
  const middle = median(taken);
  return { what, ours: formatMs(middle), peer: '-', ratio: '-', goal: `${GOAL_MS} ms`, met: middle <= GOAL_MS, note: `${taken.length} runs, from ${formatMs(Math.min(...taken))} to ${formatMs(Math.max(...taken))}` };
}

/** The step with its own account and arguments, through a proxy that sees when it watches. */
async function stepOnce(matrix: MatrixCluster): Promise<number> {
  let begins = (): void => undefined;
  const watching = new Promise<void>((resolve) => (begins = resolve));
  let sent = 0;
  const scenario: Scenario = {
    step: 'calico-rollout-watch',
    name: 'ends with the rollout',
    writes: 0,
    state: (plan) => [...rolling(), record(plan, 'running')],
    async play(api) {
      await watching;
      await sleep(SETTLE_MS);
      await play(api, 'Pod', 'b', { rest: { spec: { containers: [{ name: 'calico-node', image: nodeImage('v3.32.1') }] } } });
      await sleep(SETTLE_MS);
      sent = performance.now();
      await play(api, 'DaemonSet', 'calico-node', { status: { updatedNumberScheduled: 2, numberAvailable: 2, numberUnavailable: 0 } });
    },
  };
  const opened = await matrix.open(scenario);
  const { code, output } = await opened.run({ fault: ({ watch, path }) => void (watch && path.includes('/pods?') && begins()) });
  const ended = performance.now();
  await opened.close();
  if (code !== 0) throw new Error(`calico-rollout-watch ended with ${code}: ${output.slice(-1000)}`);
  return ended - sent;
}

interface CompletionParts {
  readonly api: Api;
  readonly etcd: Etcd;
  readonly kubeconfig: string;
  readonly folder: string;
}

async function completionOnce({ api, etcd, kubeconfig, folder }: CompletionParts): Promise<number> {
  const env = { CALICO_ETCD_ENDPOINTS: etcd.endpoint, CALICO_APIV1_ETCD_ENDPOINTS: etcd.endpoint, HOOKWAVE_QUIESCE_SECONDS: '0', EXPECTED_NODE_IMAGE: 'calico/node:v3.1.7', KUBECONFIG: kubeconfig };
  await migrated(etcd, env, folder);
  const rollingOut: Json = daemonSet({ version: 'v3.1.7', updated: 1, available: 0 });
  await putState(api, [{ ...rollingOut, metadata: { ...rollingOut.metadata, labels: { 'k8s-app': 'calico-node' } } }, startedPod('a'), startedPod('b')]);
  const job = startProgram(RUNNER, ['completion-job'], { cwd: folder, env });
  await says(job, '1 of 2 Pods');
  await sleep(SETTLE_MS);
  const sent = performance.now();
  await play(api, 'DaemonSet', 'calico-node', { status: { updatedNumberScheduled: 2 } });
  const { code, out, err } = await job.ended;
  if (code !== 0) throw new Error(`completion-job ended with ${code}: ${out}${err}`);
  return performance.now() - sent;
}

/** @throws Error with what it says instead, when it ends or after a minute */
async function says(job: ReturnType<typeof startProgram>, text: string): Promise<void> {
  const until = performance.now() + 60_000;
  let over = false;
  void job.ended.then(() => (over = true));
  while (!job.said().includes(text)) {
    if (over || performance.now() > until) {
      job.signal('SIGKILL');
      throw new Error(`completion-job says no "${text}": ${job.said()}`);
    }
    await sleep(20);
  }
}

/** The v3 datastore after `start`, not yet ready. */
async function migrated(etcd: Etcd, env: Readonly<Record<string, string>>, folder: string): Promise<void> {
  const [v2, v3] = [connectV2({ endpoints: [etcd.endpoint] }), connectV3({ endpoints: [etcd.endpoint] })];
  await wipe(etcd.endpoint, v3);
  await fillV1(v2, v1Cluster({ workloadEndpoints: 1 }));
  for (const client of [v2, v3]) client.close();
  const { code, out, err } = await runProgram(RUNNER, ['migrate', 'start', '--no-prompts'], { cwd: folder, env });
  if (code !== 0) throw new Error(`migrate start ended with ${code}: ${out}${err}`);
}

/** Its guard is through and calico-node runs, not ready. */
function startedPod(name: string): Json {
  const made = ownPod(name, { version: 'v3.1.7', container: { ready: false } });
  return { ...made, status: { ...made.status, conditions: [{ type: 'Initialized', status: 'True' }, ...made.status.conditions] } };
}
