import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Cluster } from './cluster.ts';
import { dumpLogsOnFailure } from './dump-logs-on-failure.ts';
import { stepperImage } from './images/stepper-image.ts';
import { run } from './run.ts';
import { startCluster } from './start-cluster.ts';

describe('a cluster with two kubelets', () => {
  let cluster: Cluster;
  let image: string;
  dumpLogsOnFailure(() => cluster);

  beforeAll(async () => {
    cluster = await startCluster({ kubelets: 2 });
    const stepper = await stepperImage();
    await cluster.images.load(stepper);
    image = stepper.ref;
  });
  afterAll(() => cluster?.stop());

  const runPod = async (name: string, spec: object, args: readonly string[]) => {
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { restartPolicy: 'Never', containers: [{ name: 'step', image, args }], ...spec },
    });
    return cluster.waitFor(`the end of ${name}`, async () => {
      const pod = await cluster.get('pod', name, 'default');
      return ['Succeeded', 'Failed'].includes(pod.status.phase) && pod;
    });
  };

  it.each([
    ['the Pod network', { nodeName: 'node-1' }],
    ['the host network', { nodeName: 'node-2', hostNetwork: true, tolerations: [{ operator: 'Exists' }] }],
  ])('lets a Pod on %s reach the API with its own token', async (_where, spec) => {
    const name = `reach-${spec.nodeName}`;

    const pod = await runPod(name, spec, ['require', '/api', '--', 'require', '/api/v1/secrets']);

    expect(await cluster.podLogs('default', name)).toContain('/api/v1/secrets: status 403');
    expect(pod.status.containerStatuses[0].state.terminated.exitCode).toBe(20);
  });

  it('goes on with the same data after the API server was killed', async () => {
    const before = await cluster.get('namespace', 'default');

    await cluster.apiserver.kill();
    await expect(cluster.kubectl(['get', 'namespaces', '--request-timeout=2s'])).rejects.toThrow();
    await cluster.apiserver.start();

    expect((await cluster.get('namespace', 'default')).metadata.uid).toBe(before.metadata.uid);
    const pod = await runPod('after-restart', {}, ['print', 'still alive']);
    expect(pod.status.phase).toBe('Succeeded');
  });
});

describe('stop', () => {
  it('leaves no process, bridge, cgroup or folder behind', async () => {
    const cluster = await startCluster({ kubelets: 1 });
    const bridge = JSON.parse(readFileSync(`${cluster.dir}/owner.json`, 'utf8')).bridge;
    expect(await bridges()).toContain(bridge);

    await cluster.stop();

    expect(existsSync(cluster.dir)).toBe(false);
    expect(await bridges()).not.toContain(bridge);
    expect(existsSync(`/sys/fs/cgroup/memory/${bridge}`)).toBe(false);
    expect(await run('ps', ['-eo', 'stat,args'])).not.toMatch(new RegExp(`^[^Z].*${cluster.dir}`, 'm'));
  });
});

async function bridges(): Promise<string[]> {
  return (await run('ip', ['-brief', 'link', 'show', 'type', 'bridge'])).match(/hookwave\d+/g) ?? [];
}
