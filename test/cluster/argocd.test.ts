import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { calicoVersion, installSourceCalico, upstreamCalico, withoutCrdDefaults } from './calico.ts';
import type { Cluster } from './cluster.ts';
import { dumpLogsOnFailure } from './dump-logs-on-failure.ts';
import { createGitRepo } from './git-repo.ts';
import { calicoStandIns } from './images/calico-stand-ins.ts';
import { hasTestdata, testdataNote } from './paths.ts';
import { startCluster } from './start-cluster.ts';

describe.skipIf(!hasTestdata)(`Argo CD with upstream's Calico manifest${testdataNote}`, () => {
  let cluster: Cluster;
  dumpLogsOnFailure(() => cluster);
  beforeAll(async () => {
    cluster = await startCluster({ kubelets: 2, argocd: true });
    await installSourceCalico(cluster);
    await cluster.images.load(...(await calicoStandIns('v3.32.1')));
  });
  afterAll(() => cluster?.stop());

  it('upgrades both nodes although its controller is killed meanwhile, and ends Synced and Healthy', async () => {
    const { argocd } = cluster;
    const repo = await createGitRepo(join(cluster.dir, 'repo'));
    const sha = await repo.commit({ 'calico.yaml': withoutCrdDefaults(upstreamCalico('v3.32.1')) }, 'calico v3.32.1');
    await argocd.createApplication({ name: 'calico', repo: repo.url, syncOptions: ['ServerSideApply=true'] });

    await argocd.sync('calico', { retry: { limit: 2 } });
    await cluster.waitFor('the first new calico-node', async () => (await calicoVersion(cluster)) === 'v3.32.1');
    await argocd.controller.kill();
    await argocd.controller.start();
    const result = await argocd.waitForOperation('calico');
    await cluster.waitForRollout('daemonset/calico-node', 'kube-system');

    expect(result.phase, result.message).toBe('Succeeded');
    await argocd.waitForSyncedAndHealthy('calico', { seconds: 120 });
    expect((await argocd.status('calico')).revision).toBe(sha);
  });

  it('brings a later commit and its revert to the cluster', async () => {
    const { argocd } = cluster;
    const repo = await createGitRepo(join(cluster.dir, 'second'));
    const syncedData = async () => {
      await argocd.refresh('second');
      await argocd.sync('second');
      expect((await argocd.waitForOperation('second')).phase).toBe('Succeeded');
      return (await cluster.get('configmap', 'second', 'default')).data.now;
    };
    await repo.commit(configMap('before'), 'before');
    await argocd.createApplication({ name: 'second', repo: repo.url });
    expect(await syncedData()).toBe('before');

    const sha = await repo.commit(configMap('after'), 'after');
    expect(await syncedData()).toBe('after');
    await repo.revert(sha);
    expect(await syncedData()).toBe('before');
  });
});

function configMap(data: string): Record<string, string> {
  return { 'cm.yaml': `{apiVersion: v1, kind: ConfigMap, metadata: {name: second}, data: {now: ${data}}}` };
}
