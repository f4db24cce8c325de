import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { snippet } from '../../../src/migrate/snippets.ts';
import { connectV2, type EtcdV2 } from '../../../src/etcd/v2.ts';
import { connectV3, type EtcdV3 } from '../../../src/etcd/v3.ts';
import { v1Cluster } from '../../calico-v1/cluster.ts';
import { fillV1, wipe } from '../../calico-v1/etcd.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { type Etcd, startEtcd } from '../../cluster/etcd.ts';
import { startCluster } from '../../cluster/start-cluster.ts';
import { waitFor } from '../../cluster/wait-for.ts';
import { RUNNER, runProgram, startProgram } from './program.ts';

const NODES = ['one', 'two'];
const IMAGE = 'quay.io/calico/node:v3.1.7';
const small = [...v1Cluster({ workloadEndpoints: 1 })];

/** A real API server and a real DaemonSet controller. There is no kubelet: the test says what has become of the Pods. */
describe('the completion Job', () => {
  let cluster: Cluster;
  let etcd: Etcd;
  let v2: EtcdV2;
  let v3: EtcdV3;
  let dir: string;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'hookwave-completion-'));
    [cluster, etcd] = await Promise.all([startCluster(), startEtcd({ v2: true })]);
    v2 = connectV2({ endpoints: [etcd.endpoint] });
    v3 = connectV3({ endpoints: [etcd.endpoint] });
    await cluster.apply(NODES.map((name) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } })));
    const { objects } = snippet('rbac', { image: '', namespace: 'kube-system', daemonset: '', configMap: '', secret: '' });
    const upstream = [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'upstream', namespace: 'kube-system' } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'nobody', namespace: 'kube-system' } },
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'upstream' }, rules: [{ apiGroups: ['apps'], resources: ['daemonsets', 'daemonsets/status'], verbs: ['get', 'list', 'watch'] }] },
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name: 'upstream' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'upstream' }, subjects: [{ kind: 'ServiceAccount', name: 'upstream', namespace: 'kube-system' }] },
    ];
    await cluster.apply([...objects, ...upstream]);
    env = { CALICO_ETCD_ENDPOINTS: etcd.endpoint, CALICO_APIV1_ETCD_ENDPOINTS: etcd.endpoint, HOOKWAVE_QUIESCE_SECONDS: '0', EXPECTED_NODE_IMAGE: 'calico/node:v3.1.7' };
  });
  afterAll(async () => {
    for (const client of [v2, v3]) client?.close();
    await Promise.all([etcd?.stop(), cluster?.stop()]);
    rmSync(dir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await cluster.kubectl(['delete', 'daemonset', '--all', '-n', 'kube-system', '--cascade=foreground']);
    await wipe(etcd.endpoint, v3);
    await fillV1(v2, small);
    expect(await runProgram(RUNNER, ['migrate', 'start', '--no-prompts'], { cwd: dir, env })).toMatchObject({ code: 0 });
  });

  /** The environment of a Pod with this ServiceAccount. */
  async function as(account: string, more: Readonly<Record<string, string>> = {}): Promise<Readonly<Record<string, string>>> {
    const token = (await cluster.kubectl(['create', 'token', account, '-n', 'kube-system'])).trim();
    const config = JSON.parse(await cluster.kubectl(['config', 'view', '--raw', '--minify', '-o', 'json'])) as { users: { user: object }[] };
    config.users[0]!.user = { token };
    const path = join(dir, `${account}.kubeconfig`);
    writeFileSync(path, JSON.stringify(config));
    return { ...env, KUBECONFIG: path, ...more };
  }
  const job = async (account: string, more: Readonly<Record<string, string>> = {}) => startProgram(RUNNER, ['completion-job'], { cwd: dir, env: await as(account, more) });
  const datastoreReady = async (): Promise<unknown> => JSON.parse((await v3.get('/calico/resources/v3/projectcalico.org/clusterinformations/default'))?.value ?? '{}').spec?.datastoreReady;

  function daemonSet(image: string, type = 'RollingUpdate'): object {
    const labels = { 'k8s-app': 'calico-node' };
    const strategy = type === 'OnDelete' ? { type } : { type, rollingUpdate: { maxUnavailable: '100%' } };
    const containers = [{ name: 'calico-node', image, readinessProbe: { exec: { command: ['/bin/calico-node'] } } }];
    const spec = { tolerations: [{ operator: 'Exists' }], initContainers: [{ name: 'migrate', image: 'hookwave' }], containers };
    return { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'calico-node', namespace: 'kube-system', labels }, spec: { selector: { matchLabels: labels }, updateStrategy: strategy, template: { metadata: { labels }, spec } } };
  }

  /** Pods with the image, one a node. */
  function podsWith(image: string): Promise<readonly { readonly metadata: { readonly name: string } }[]> {
    return waitFor(`Pods with ${image}`, async () => {
      const pods = (await cluster.get('pods', undefined, 'kube-system')) as { metadata: { name: string; deletionTimestamp?: string }; spec: { containers: { image: string }[] } }[];
      const fresh = pods.filter(({ metadata, spec }) => metadata.deletionTimestamp === undefined && spec.containers[0]?.image === image);
      return fresh.length === NODES.length ? fresh : undefined;
    });
  }

  /** As a kubelet writes it: started, not ready. */
  const started = (name: string): Promise<string> => {
    const at = '2026-01-01T00:00:00Z';
    const status = {
      phase: 'Running',
      conditions: [{ type: 'Initialized', status: 'True' }, { type: 'Ready', status: 'False' }],
      initContainerStatuses: [{ name: 'migrate', image: 'hookwave', imageID: '', ready: true, restartCount: 0, state: { terminated: { exitCode: 0, startedAt: at, finishedAt: at } } }],
      containerStatuses: [{ name: 'calico-node', image: IMAGE, imageID: '', ready: false, restartCount: 0, state: { running: { startedAt: at } } }],
    };
    return cluster.kubectl(['patch', 'pod', name, '-n', 'kube-system', '--subresource=status', '--type=merge', '-p', JSON.stringify({ status })]);
  };

  it('waits for the DaemonSet, its image, its Pods and their init containers, not for readiness; then makes v3 ready at once', async () => {
    const running = await job('calico-upgrade-job');
    const says = (text: string): Promise<unknown> => waitFor(`"${text}"`, async () => running.said().includes(text), { everyMs: 50 });
    await says('DaemonSet kube-system/calico-node does not exist with labels k8s-app=calico-node; apply it, or correct DS_NAME');
    const unlabelled = { ...(daemonSet('quay.io/calico/node:v2.6.11') as { readonly kind: string }), metadata: { name: 'calico-node', namespace: 'kube-system' } };
    await cluster.apply(unlabelled);
    await cluster.apply(daemonSet('quay.io/calico/node:v2.6.12'));
    await says('has image quay.io/calico/node:v2.6.12, not calico/node:v3.1.7');
    expect(running.said()).not.toContain('v2.6.11');
    await cluster.apply(daemonSet(IMAGE));
    const [first, second] = await podsWith(IMAGE);
    await says('has not started (Pending)');
    await started(first!.metadata.name);
    await says(`Pod ${second!.metadata.name}: has not started (Pending)`);
    expect(await datastoreReady()).toBe(false);
    let exit = 0;
    void running.ended.then(() => (exit = performance.now()));
    await started(second!.metadata.name);
    const patched = performance.now();
    expect(await running.ended).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Successfully completed the upgrade process.') });
    console.log(`exit ${Math.round(exit - patched)} ms after kubectl had patched the last Pod`);
    expect(await datastoreReady()).toBe(true);
    expect(await (await job('calico-upgrade-job')).ended).toMatchObject({ code: 0, out: expect.stringContaining('The upgrade process is complete already.') });
  });

  it("without rights on Pods goes by the DaemonSet's counts and the state, and names the rights", async () => {
    await cluster.apply(daemonSet(IMAGE));
    const { code, out, err } = await (await job('upstream')).ended;
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Successfully completed the upgrade process.') });
    expect(err).toMatch(/^warning: Pods can't be read \(.*pods is forbidden.*Give this ServiceAccount list and watch on pods in namespace kube-system/);
    expect(await datastoreReady()).toBe(true);
  });

  it('makes ready what another tool has migrated, once nodes of v3 run on it', async () => {
    await wipe(etcd.endpoint, v3);
    const key = '/calico/resources/v3/projectcalico.org/clusterinformations/default';
    const information = { kind: 'ClusterInformation', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default', uid: 'theirs' }, spec: { clusterGUID: 'abc', calicoVersion: 'v3.1.7', datastoreReady: false } };
    await v3.commit({ guards: [{ key, modRevision: '0' }], puts: [{ key, value: JSON.stringify(information) }] });
    await cluster.apply(daemonSet(IMAGE));
    for (const pod of await podsWith(IMAGE)) await started(pod.metadata.name);

    expect(await (await job('calico-upgrade-job')).ended).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Successfully completed the upgrade process.') });

    expect(JSON.parse((await v3.get(key))?.value ?? '')).toEqual({ ...information, spec: { ...information.spec, datastoreReady: true } });
  });

  it('fails with a clear error, and v3 stays as it is', async () => {
    const text = async (account: string, more: Readonly<Record<string, string>>): Promise<string> => {
      const { code, out } = await (await job(account, { HOOKWAVE_SETTLE_SECONDS: '0', ...more })).ended;
      return `${code}: ${out}`;
    };
    expect(await text('calico-upgrade-job', { DS_NAME: 'other' })).toMatch(/^1: [\s\S]*DaemonSet kube-system\/other does not exist[\s\S]*so it is after 0 s/);
    expect(await text('nobody', {})).toMatch(/^1: [\s\S]*daemonsets\.apps "calico-node" is forbidden[\s\S]*hookwave snippets rbac/);
    expect(await text('calico-upgrade-job', { EXPECTED_NODE_IMAGE: 'Calico Node' })).toMatch(/^1: .*EXPECTED_NODE_IMAGE: "Calico Node" is no image reference/);
    await cluster.apply(daemonSet('quay.io/calico/node:v3.1.70'));
    expect(await text('calico-upgrade-job', {})).toMatch(/^1: [\s\S]*has image quay\.io\/calico\/node:v3\.1\.70, not calico\/node:v3\.1\.7; apply/);
    await podsWith('quay.io/calico/node:v3.1.70');
    await cluster.apply(daemonSet(IMAGE, 'OnDelete'));
    expect(await text('calico-upgrade-job', { HOOKWAVE_SETTLE_SECONDS: '30' })).toMatch(/^1: [\s\S]*OnDelete, which replaces no Pod \(0 of 2 are new\)/);
    expect(await datastoreReady()).toBe(false);
  });

  it('waits while the data are not migrated, though the DaemonSet is out; SIGTERM ends it', async () => {
    expect(await runProgram(RUNNER, ['migrate', 'abort', '--no-prompts'], { cwd: dir, env })).toMatchObject({ code: 0 });
    await cluster.apply(daemonSet(IMAGE));
    const running = await job('upstream');
    await waitFor('it to wait', async () => running.said().includes('the state of the migration is aborted, not migrated'), { everyMs: 50 });
    running.signal('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 1, out: expect.stringContaining('safe to run this again') });
    expect(await datastoreReady()).toBe(false);
    expect(readFileSync(join(dir, 'upstream.kubeconfig'), 'utf8')).toContain('token');
  });
});
