import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePods } from '../../cluster/calico.ts';
import type { Json } from '../../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { hasTestdata, testdataNote } from '../../cluster/paths.ts';
import { APPLICATION, cutOffNodes, labelledEndpoints, nodeImages, record, startWalk, type Walk } from './walk.ts';

const OLD = 'docker.io/calico/node:v3.13.4';
const NEW = 'quay.io/calico/node:v3.32.1';
/** A rollout that a commit can meet half-way, whatever the machine. */
const SLOW = { overlays: { patches: [{ kind: 'DaemonSet', name: 'calico-node', merge: { spec: { minReadySeconds: 60 } } }] } };

describe.skipIf(!hasTestdata)(`a Calico upgrade whose hooks are skipped or undone${testdataNote}`, () => {
  let walk: Walk;
  dumpLogsOnFailure(() => walk?.cluster);
  beforeAll(async () => {
    walk = await startWalk();
    await walk.commitSource();
    await walk.createApplication();
  });
  afterAll(() => walk?.stop());

  /** Samples the invariant until `work` is over; returns every node that was ever cut off. */
  async function everCutOff(work: Promise<unknown>): Promise<readonly string[]> {
    const sample = async (): Promise<readonly string[]> => {
      const over = await Promise.race([work.then(() => true), pause(400, false)]);
      const now = await cutOffNodes(walk.cluster);
      return over ? now : [...now, ...(await sample())];
    };
    return sample();
  }

  const guarded = async (): Promise<Json> =>
    (await nodePods(walk.cluster)).find(({ spec, status }) => spec.nodeName === 'node-1' && status.initContainerStatuses?.[0]?.name === 'hookwave-guard' && status.initContainerStatuses[0].state.running);

  it('takes over the release that runs: nothing is due', async () => {
    const operation = await walk.sync();
    expect(operation.phase, operation.message).toBe('Succeeded');
    expect(await nodeImages(walk.cluster)).toEqual([OLD, OLD]);
    expect(await labelledEndpoints(walk.cluster)).toEqual([]);
  });

  it('holds the new calico-node on the node of an unprotected endpoint after a selective sync', async () => {
    const { cluster } = walk;
    await walk.commitUpgrade();
    await cluster.argocd.refresh(APPLICATION);
    await cluster.argocd.sync(APPLICATION, {
      resources: [
        { group: 'apps', kind: 'DaemonSet', name: 'calico-node', namespace: 'kube-system' },
        { group: '', kind: 'ServiceAccount', name: 'calico-cni-plugin', namespace: 'kube-system' },
        { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'hookwave-calico-guard' },
        { group: 'rbac.authorization.k8s.io', kind: 'ClusterRoleBinding', name: 'hookwave-calico-guard' },
      ],
    });

    const cutOff = await everCutOff(cluster.waitFor('the guard on node-1', guarded, { seconds: 120 }));
    await cluster.waitFor('the guard to say what it waits for', async () => (await cluster.podLogs('kube-system', (await guarded()).metadata.name, 'hookwave-guard')).includes('node-1-all'), { seconds: 30 });

    expect(cutOff).toEqual([]);
    expect(await labelledEndpoints(cluster)).toEqual([]);
  });

  it('stays held when only the rights of the guard are missing, and goes on after a full sync', async () => {
    const { cluster } = walk;
    const cutOff = await everCutOff(walk.sync());

    expect(cutOff).toEqual([]);
    expect(await nodeImages(cluster)).toEqual([NEW, NEW]);
    expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);
    expect((await record(cluster)).run.state).toBe('done');
  });

  it('goes back with a Git revert in the middle of the rollout', async () => {
    const { cluster } = walk;
    await walk.reset();
    await walk.commitSource();
    const upgrade = await walk.commitUpgrade(SLOW);
    await walk.createApplication();
    await cluster.argocd.sync(APPLICATION);
    const middle = cluster.waitFor('the first new calico-node', async () => (await nodeImages(cluster)).includes(NEW), { seconds: 120 });
    const before = await everCutOff(middle);
    await cluster.argocd.terminate(APPLICATION);
    const seen = (await record(cluster)).run;
    await walk.repo.revert(upgrade);
    await cluster.argocd.refresh(APPLICATION);

    let operation: Json;
    const after = await everCutOff(walk.sync().then((result) => (operation = result)));

    expect([...before, ...after]).toEqual([]);
    expect(seen).toMatchObject({ state: 'running', to: 'v3.32.1' });
    expect(operation.phase, operation.message).toBe('Succeeded');
    expect(await nodeImages(cluster)).toEqual([OLD, OLD]);
    expect((await cluster.get('daemonset', 'calico-node', 'kube-system')).spec.updateStrategy.type).toBe('RollingUpdate');
  });
});
