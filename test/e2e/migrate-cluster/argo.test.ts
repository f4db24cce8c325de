import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePods } from '../../cluster/calico.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import type { OperationResult } from '../../cluster/argocd-applications.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { createGitRepo, type GitRepo } from '../../cluster/git-repo.ts';
import { migrate, record, startDatastore, startMigrationCluster, status, synth, type Datastore } from './migration-cluster.ts';
import { nodesAndReleases } from './players.ts';

const NODES = ['fake-1', 'fake-2', 'fake-3', 'node-1'];
const on = (release: string, state = 'ready'): string[] => NODES.map((node) => `${node} ${release} ${state}`);

describe('a migration from Calico 2.6 to 3.1 by Argo CD, etcd with TLS client certificates', () => {
  let cluster: Cluster;
  let datastore: Datastore;
  let repo: GitRepo;
  dumpLogsOnFailure(() => cluster);
  beforeAll(async () => {
    cluster = await startMigrationCluster({ argocd: true });
    datastore = await startDatastore(cluster, 'tls');
    repo = await createGitRepo(join(cluster.dir, 'repo'));
    await cluster.waitFor('Calico 2.6 on all nodes', async () => String(await nodesAndReleases(cluster)) === String(on('v2.6.12')));
    await repo.commit({ 'README.md': 'upgrades' }, 'begin');
    await cluster.argocd.createApplication({ name: 'calico', repo: repo.url, path: 'deploy/calico-v3', destinationNamespace: 'kube-system' });
  });
  afterAll(async () => {
    await datastore?.stop();
    await cluster?.stop();
  });

  const commit = async (change: Json, message: string): Promise<string> => {
    const folder = join(cluster.dir, 'upgrades');
    await synth(folder, datastore, change);
    return repo.commit({ folder }, message);
  };
  const begin = async (): Promise<void> => {
    await cluster.argocd.refresh('calico');
    await cluster.argocd.sync('calico', { prune: true });
  };
  const sync = async (): Promise<OperationResult> => {
    await begin();
    return cluster.argocd.waitForOperation('calico', { seconds: 150 });
  };
  /** Begins a migration that does not come to its completion, and stops its operation. */
  const stopHalfWay = async (): Promise<void> => {
    datastore.players.hold = true;
    await commit({}, 'Calico v3');
    await begin();
    await cluster.waitFor('the data to be migrated, and a first node of v3', async () => {
      const { phase, version } = await datastore.state();
      return phase === 'migrated' && version === 'v3.1.7';
    }, { seconds: 90 });
    await cluster.argocd.terminate('calico');
    datastore.players.hold = false;
  };

  it('refuses `finished` before the completion, and has changed nothing', async () => {
    await commit({ finished: true }, 'too early');
    const operation = await sync();

    expect(operation.phase, operation.message).toBe('Failed');
    expect(await status(cluster)).toMatch(/says finished, but the migration is not begun/);
    expect(await datastore.state()).toEqual({ phase: 'none', v1Ready: true, datastoreReady: false, version: undefined });
    expect(await nodesAndReleases(cluster)).toEqual(on('v2.6.12'));
  });

  it('stays paused after a plain revert, until somebody aborts', async () => {
    await stopHalfWay();
    expect(await datastore.state()).toMatchObject({ phase: 'migrated', v1Ready: false, datastoreReady: false, version: 'v3.1.7' });

    await repo.commit({ 'deploy/calico-v3/calico.yaml': datastore.manifest('v2') }, 'revert');
    await begin();
    await cluster.waitFor('the old Pods', async () => String(await nodesAndReleases(cluster)) === String(on('v2.6.12', 'not ready')), { seconds: 60 });
    expect(await datastore.state()).toMatchObject({ phase: 'migrated', v1Ready: false });
    expect((await cluster.argocd.status('calico')).health).not.toBe('Healthy');

    expect(await migrate(datastore, 'abort', '--force', '--no-prompts')).toContain('Successfully aborted the upgrade process.');
    expect(await datastore.state()).toMatchObject({ phase: 'aborted', v1Ready: true });
    await cluster.waitFor('Calico 2.6 on all nodes', async () => String(await nodesAndReleases(cluster)) === String(on('v2.6.12')));
    await cluster.argocd.waitForSyncedAndHealthy('calico', { seconds: 120 });
  });

  it('goes back by `direction: abort`: first the abort, then the old workloads', async () => {
    await stopHalfWay();
    await commit({ direction: 'abort' }, 'go back');
    const operation = await sync();

    expect(operation).toMatchObject({ phase: 'Succeeded' });
    expect(await datastore.state()).toMatchObject({ phase: 'aborted', v1Ready: true, datastoreReady: false });
    expect(await nodesAndReleases(cluster)).toEqual(on('v2.6.12'));
    const { spec } = await cluster.get('daemonset', 'calico-node', 'kube-system');
    expect(spec.updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
    expect(spec.template.spec.initContainers).toBeUndefined();
    expect((await record(cluster)).run).toMatchObject({ from: 'v3.1.7', to: 'v2.6.12', state: 'done' });
  });

  it('migrates in another attempt, completes when every node has started, and ends Synced and Healthy', async () => {
    await commit({}, 'Calico v3');
    const operation = await sync();

    expect(operation).toMatchObject({ phase: 'Succeeded' });
    expect(await datastore.state()).toEqual({ phase: 'complete', v1Ready: false, datastoreReady: true, version: 'v3.1.7' });
    expect(await nodesAndReleases(cluster)).toEqual(on('v3.1.7'));
    const pods = await nodePods(cluster);
    expect(pods.flatMap(({ status: { containerStatuses } }) => containerStatuses.map((one: Json) => one.restartCount))).toEqual(pods.flatMap(({ spec }) => spec.containers.map(() => 0)));
    expect((await record(cluster)).run).toMatchObject({ from: 'v2.6.12', to: 'v3.1.7', state: 'done' });
    expect((await record(cluster)).steps['migration-inspect'].message).toMatch(/\d+ objects can be migrated, \d+ are skipped, 0 are refused/);
    await cluster.argocd.refresh('calico');
    await cluster.argocd.waitForSyncedAndHealthy('calico', { seconds: 120 });
  });

  it('has every workload endpoint and policy in the v3 datastore', async () => {
    const kinds = new Map<string, number>();
    for await (const { key } of datastore.v3.list('/calico/resources/v3/projectcalico.org/')) {
      const kind = key.split('/')[5] ?? '';
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect(Object.fromEntries(kinds)).toMatchObject({ workloadendpoints: 60, globalnetworkpolicies: 5, nodes: 3, ippools: 1, clusterinformations: 1 });
  });

  it('`finished` gives the DaemonSet its own strategy back, and no Pod rolls', async () => {
    const uids = async (): Promise<string[]> => (await nodePods(cluster)).map(({ metadata }) => metadata.uid).toSorted();
    const before = await uids();
    expect((await cluster.get('daemonset', 'calico-node', 'kube-system')).spec.updateStrategy.rollingUpdate.maxUnavailable).toBe('100%');
    await commit({ finished: true }, 'finished');
    const operation = await sync();

    expect(operation).toMatchObject({ phase: 'Succeeded' });
    expect((await cluster.get('daemonset', 'calico-node', 'kube-system')).spec.updateStrategy.rollingUpdate.maxUnavailable).toBe(1);
    expect(await uids()).toEqual(before);
  });

  it('has no way back after the completion', async () => {
    await commit({ direction: 'abort' }, 'too late');
    const operation = await sync();

    expect(operation.phase, operation.message).toBe('Failed');
    expect(await status(cluster)).toMatch(/complete[\s\S]*no way back/);
    expect(await datastore.state()).toMatchObject({ phase: 'complete', v1Ready: false, datastoreReady: true });
    expect(await nodesAndReleases(cluster)).toEqual(on('v3.1.7'));
  });
});

