import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { calicoVersion, installSourceCalico, nodePods, upstreamCalico, withNodeEnv } from './calico.ts';
import type { Cluster, Json } from './cluster.ts';
import { dumpLogsOnFailure } from './dump-logs-on-failure.ts';
import { calicoStandIns } from './images/calico-stand-ins.ts';
import { hasTestdata, testdataNote } from './paths.ts';
import { startCluster } from './start-cluster.ts';

describe.skipIf(!hasTestdata)(`Calico's stand-ins under upstream's manifests${testdataNote}`, () => {
  let cluster: Cluster;
  dumpLogsOnFailure(() => cluster);
  beforeAll(async () => {
    cluster = await startCluster({ kubelets: 2 });
    await installSourceCalico(cluster);
    await cluster.images.load(...(await calicoStandIns('v3.32.1')));
  });
  afterAll(() => cluster?.stop());

  it('install the source version', async () => {
    expect(await calicoVersion(cluster)).toBe('v3.13.4');
  });

  it('say why they are not ready, and hold the rolling update on the first node', async () => {
    await cluster.apply(withNodeEnv(upstreamCalico('v3.32.1'), 'STANDIN_NEVER_READY', 'true'));

    await cluster.waitFor('the first new Pod to report its version', async () => (await calicoVersion(cluster)) === 'v3.32.1');
    const event = await cluster.waitFor('the event of the failing probe', async () =>
      (await cluster.get('events', undefined, 'kube-system')).find((one: Json) => /STANDIN_NEVER_READY/.test(one.message)),
    );

    expect(event.reason).toBe('Unhealthy');
    expect((await nodePods(cluster)).filter(isReady)).toHaveLength(1);
  });

  it('go through with upstream\'s manifest, a node at a time', async () => {
    await cluster.apply(upstreamCalico('v3.32.1'));

    await cluster.waitForRollout('daemonset/calico-node', 'kube-system');
    await cluster.waitForRollout('deployment/calico-kube-controllers', 'kube-system');

    const images = (await nodePods(cluster)).flatMap((pod) => pod.spec.containers.map((container: Json) => container.image));
    expect(images).toEqual(['quay.io/calico/node:v3.32.1', 'quay.io/calico/node:v3.32.1']);
  });
});

function isReady(pod: Json): boolean {
  return pod.status.containerStatuses?.every((status: Json) => status.ready) ?? false;
}
