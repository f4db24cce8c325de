import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePods } from '../../cluster/calico.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { runnerImage } from '../../cluster/images/runner-image.ts';
import { hasTestdata, testdataNote } from '../../cluster/paths.ts';
import { allowingPolicy, APPLICATION, labelledEndpoints, record, root, RUNNER, startWalk, temporaryPolicy, type Walk } from './walk.ts';

/** Not a part of the plan: the same plan goes on with it. */
const ANOTHER = 'docker.io/hookwave/runner:another';
const STALL = { deadlines: { stall: '25s' } };

/** Where the scheduler sends all hooks: to the node that has less to do. A Pod of the DaemonSet goes to every node. */
async function nodeOfHooks(cluster: Cluster): Promise<string> {
  const pods: Json[] = await cluster.get('pods', undefined, 'kube-system');
  const busy = pods.find(({ metadata }) => metadata.labels['k8s-app'] === 'calico-kube-controllers' && !metadata.deletionTimestamp)?.spec.nodeName;
  return cluster.nodes.find((node) => node !== busy)!;
}

describe.skipIf(!hasTestdata)(`another runner image after the upgrade${testdataNote}`, () => {
  let walk: Walk;
  dumpLogsOnFailure(() => walk?.cluster);
  beforeAll(async () => {
    walk = await startWalk();
    await walk.createApplication(0);
    await walk.commitUpgrade(STALL);
    expect((await walk.sync()).phase).toBe('Succeeded');
    expect((await record(walk.cluster)).run.state).toBe('done');
  });
  afterAll(() => walk?.stop());

  it('freezes the rollout of the guard on a node that cannot get it; the run stays done', async () => {
    const { cluster } = walk;
    await cluster.images.loadOn(await nodeOfHooks(cluster), await runnerImage(join(root, 'dist/runner.cjs'), ANOTHER));
    await walk.commitUpgrade({ ...STALL, runner: { image: ANOTHER, imagePullPolicy: 'Never' } });

    const operation = await walk.sync();
    const daemonSet = await cluster.get('daemonset', 'calico-node', 'kube-system');

    expect(operation.phase, operation.message).toBe('Failed');
    expect(daemonSet.spec.updateStrategy).toEqual({ type: 'OnDelete' });
    expect((await record(cluster)).run.state).toBe('done');
    expect(await walk.hookwave('status', 'calico')).toMatch(/calico-rollout-watch[\s\S]*is frozen[\s\S]*ErrImageNeverPull/);
  });

  it('goes through with an image that is there, and the cleanup is still to be approved', async () => {
    const { cluster } = walk;
    await walk.commitUpgrade({ ...STALL, runner: { image: RUNNER, imagePullPolicy: 'Never' } });

    const operation = await walk.sync();
    const daemonSet = await cluster.get('daemonset', 'calico-node', 'kube-system');

    expect(operation.phase, operation.message).toBe('Succeeded');
    expect(daemonSet.spec.updateStrategy.type).toBe('RollingUpdate');
    expect(daemonSet.metadata.annotations['hookwave.dev/frozen-by']).toBeUndefined();
    expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);
    await cluster.argocd.waitForSyncedAndHealthy(APPLICATION, { seconds: 120 });
  });

  it('leaves an endpoint alone that is unprotected on purpose since the cleanup', async () => {
    const { cluster } = walk;
    await cluster.apply(allowingPolicy());
    await walk.hookwave('approve', 'calico');
    expect((await walk.sync()).phase).toBe('Succeeded');
    await cluster.kubectl(['delete', 'globalnetworkpolicies.crd.projectcalico.org', 'default.edge']);
    await cluster.images.load(await runnerImage(join(root, 'dist/runner.cjs'), ANOTHER));
    await walk.commitUpgrade({ ...STALL, runner: { image: ANOTHER, imagePullPolicy: 'Never' } });

    const operation = await walk.sync();
    const pods = await nodePods(cluster);

    expect(operation.phase, operation.message).toBe('Succeeded');
    expect(pods.flatMap(({ spec }: { spec: { initContainers: { image: string }[] } }) => spec.initContainers[0]?.image)).toEqual([ANOTHER, ANOTHER]);
    expect(await labelledEndpoints(cluster)).toEqual([]);
    expect(await temporaryPolicy(cluster)).toBeUndefined();
  });
});
