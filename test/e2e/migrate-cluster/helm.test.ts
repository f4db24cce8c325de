import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePods } from '../../cluster/calico.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { part } from '../../cluster/paths.ts';
import { ADOPT, runHelm, type HelmResult } from '../helm/release.ts';
import { record, startDatastore, startMigrationCluster, status, synth, type Datastore } from './migration-cluster.ts';
import { nodesAndReleases } from './players.ts';

const NODES = ['fake-1', 'fake-2', 'fake-3', 'node-1'];
const on = (release: string): string[] => NODES.map((node) => `${node} ${release} ready`);

describe('a migration from Calico 2.6 to 3.1 by Helm, etcd with passwords and a role for /calico/ only', () => {
  let cluster: Cluster;
  dumpLogsOnFailure(() => cluster);
  beforeAll(async () => {
    cluster = await startMigrationCluster({ argocd: false });
  });
  afterAll(() => cluster?.stop());

  describe.each([
    [3, ['--wait', '--wait-for-jobs']],
    [4, []],
  ] as const)('Helm %i %s', (major, wait) => {
    let datastore: Datastore;
    let chart: string;
    const upgrade = (...flags: readonly string[]): Promise<HelmResult> =>
      runHelm(part(`helm${major}`), ['upgrade', '--install', 'calico', chart, '--namespace', 'kube-system', '--timeout', '3m', ...wait, ...flags], cluster);
    beforeAll(async () => {
      datastore = await startDatastore(cluster, 'password');
      await cluster.waitFor('Calico 2.6 on all nodes', async () => String(await nodesAndReleases(cluster)) === String(on('v2.6.12')));
      const folder = join(cluster.dir, `chart-${major}`);
      await synth(folder, datastore, {}, 'helm');
      chart = join(folder, 'deploy/calico-v3');
    });
    afterAll(async () => {
      await runHelm(part(`helm${major}`), ['uninstall', 'calico', '--namespace', 'kube-system', '--wait'], cluster);
      await cluster.kubectl(['delete', 'configmap', 'hookwave-calico-v3', '-n', 'kube-system', '--ignore-not-found']);
      await datastore?.stop();
    });

    // Once is enough: it is the same hook with both.
    if (major === 3) {
      it('fails in preflight while the role may not write the state, with the grant to type', async () => {
        const result = await upgrade(...ADOPT[major]);

        expect(result).toMatchObject({ succeeded: false, output: expect.stringMatching(/pre-install[\s\S]*(failed|Failed)/) });
        expect(await status(cluster)).toContain('etcdctl role grant-permission ROLE --prefix=true readwrite /hookwave/calico-migration/');
        expect(await datastore.state()).toEqual({ phase: 'none', v1Ready: true, datastoreReady: false, version: undefined });
        expect(await nodesAndReleases(cluster)).toEqual(on('v2.6.12'));
      });
    }

    it('migrates, completes beside the workload and ends', async () => {
      await datastore.users?.grantState();
      const result = await upgrade(...ADOPT[major]);

      expect(result, result.output).toMatchObject({ succeeded: true });
      expect(await datastore.state()).toEqual({ phase: 'complete', v1Ready: false, datastoreReady: true, version: 'v3.1.7' });
      expect(await nodesAndReleases(cluster)).toEqual(on('v3.1.7'));
      expect((await record(cluster)).run).toMatchObject({ from: 'v2.6.12', to: 'v3.1.7', state: 'done' });
    });

    it('changes nothing in a second upgrade', async () => {
      const uids = async (): Promise<string[]> => (await nodePods(cluster)).map(({ metadata }) => metadata.uid).toSorted();
      const before = [await uids(), await datastore.state(), await record(cluster)];
      const result = await upgrade();

      expect(result, result.output).toMatchObject({ succeeded: true });
      expect([await uids(), await datastore.state(), await record(cluster)]).toEqual(before);
    });
  });
});
