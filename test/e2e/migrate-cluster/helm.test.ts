import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePods } from '../../cluster/calico.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
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
    const helm = (...args: readonly string[]): Promise<HelmResult> => runHelm(part(`helm${major}`), [...args, '--namespace', 'kube-system'], cluster);
    const chart = async (change: Json): Promise<string> => {
      const folder = join(cluster.dir, `chart-${major}`);
      await synth(folder, datastore, change, 'helm');
      return join(folder, 'deploy/calico-v3');
    };
    const upgrade = async (change: Json, ...flags: readonly string[]): Promise<HelmResult> => helm('upgrade', '--install', 'calico', await chart(change), '--timeout', '3m', ...wait, ...flags);
    beforeAll(async () => {
      datastore = await startDatastore(cluster, 'password');
      await cluster.waitFor('Calico 2.6 on all nodes', async () => String(await nodesAndReleases(cluster)) === String(on('v2.6.12')));
    });
    afterAll(async () => {
      await helm('uninstall', 'calico', '--wait');
      await cluster.kubectl(['delete', 'configmap', 'hookwave-calico-v3', '-n', 'kube-system', '--ignore-not-found']);
      await datastore?.stop();
    });

    // Once is enough: it is the same hook with both.
    if (major === 3) {
      it('fails in preflight while the role may not write the state, with the grant to type', async () => {
        const result = await upgrade({}, ...ADOPT[major]);

        expect(result).toMatchObject({ succeeded: false, output: expect.stringMatching(/pre-install[\s\S]*(failed|Failed)/) });
        expect(await status(cluster)).toContain('etcdctl role grant-permission ROLE --prefix=true readwrite /hookwave/calico-migration/');
        expect(await datastore.state()).toEqual({ phase: 'none', v1Ready: true, datastoreReady: false, version: undefined });
        expect(await nodesAndReleases(cluster)).toEqual(on('v2.6.12'));
      });
    }

    it('goes back by `direction: abort` after a migration that hung until the timeout', async () => {
      await datastore.users?.grantState();
      datastore.players.hold = true;
      const hung = await upgrade({}, ...ADOPT[major], '--timeout', '60s');
      expect(hung, hung.output).toMatchObject({ succeeded: false, output: expect.stringMatching(/timed out|deadline exceeded/) });
      expect(await datastore.state()).toMatchObject({ phase: 'migrated', v1Ready: false, datastoreReady: false, version: 'v3.1.7' });

      const result = await upgrade({ direction: 'abort' });
      expect(result, result.output).toMatchObject({ succeeded: true });
      expect(await datastore.state()).toMatchObject({ phase: 'aborted', v1Ready: true, datastoreReady: false });
      expect((await nodesAndReleases(cluster)).map((node) => node.replace(/ (?:not )?ready$/, ''))).toEqual(NODES.map((node) => `${node} v2.6.12`));
      await cluster.waitFor('Calico 2.6 on all nodes', async () => String(await nodesAndReleases(cluster)) === String(on('v2.6.12')));
      const { spec } = await cluster.get('daemonset', 'calico-node', 'kube-system');
      expect(spec.updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
      expect(spec.template.spec.initContainers).toBeUndefined();
      expect((await record(cluster)).run).toMatchObject({ from: 'v3.1.7', to: 'v2.6.12', state: 'done' });
      datastore.players.hold = false;
    });

    it('migrates, completes beside the workload and ends', async () => {
      const result = await upgrade({});

      expect(result, result.output).toMatchObject({ succeeded: true });
      expect(await datastore.state()).toEqual({ phase: 'complete', v1Ready: false, datastoreReady: true, version: 'v3.1.7' });
      expect(await nodesAndReleases(cluster)).toEqual(on('v3.1.7'));
      expect((await record(cluster)).run).toMatchObject({ from: 'v2.6.12', to: 'v3.1.7', state: 'done' });
    });

    it('is confirmed by `helm test`', async () => {
      const result = await helm('test', 'calico', '--timeout', '2m');

      expect(result, result.output).toMatchObject({ succeeded: true, output: expect.stringMatching(/Phase:\s+Succeeded/) });
    });

    it('changes nothing in a second upgrade', async () => {
      const uids = async (): Promise<string[]> => (await nodePods(cluster)).map(({ metadata }) => metadata.uid).toSorted();
      const before = [await uids(), await datastore.state(), await record(cluster)];
      const result = await upgrade({});

      expect(result, result.output).toMatchObject({ succeeded: true });
      expect([await uids(), await datastore.state(), await record(cluster)]).toEqual(before);
    });
  });
});
