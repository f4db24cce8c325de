import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { apiClient } from './api-client.ts';
import type { Cluster, Json } from './cluster.ts';
import { dumpLogsOnFailure } from './dump-logs-on-failure.ts';
import { startFaultyProxy } from './faulty-proxy.ts';
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

  const byKubectl = async (...args: readonly string[]): Promise<Json> => JSON.parse(await cluster.kubectl(['get', ...args, '-o', 'json']));

  it.each([
    ['namespaces', undefined, undefined, ['--all-namespaces']],
    ['configmaps', undefined, 'kube-system', ['-n', 'kube-system']],
    ['clusterrole,configmaps,apiservices.apiregistration.k8s.io', undefined, undefined, ['--all-namespaces']],
    ['deployments.apps', undefined, 'nowhere', ['-n', 'nowhere']],
    ['roles.v1.rbac.authorization.k8s.io', undefined, undefined, ['--all-namespaces']],
  ] as const)('reads lists as kubectl does: %s', async (resource, name, namespace, flags) => {
    const expected = (await byKubectl(resource, ...flags)).items;
    expect(await cluster.get(resource, name, namespace)).toEqual(expected);
    expect(expected.length > 0).toBe(namespace !== 'nowhere');
  });

  it.each([
    ['namespace', 'default', undefined],
    ['cm', 'kube-root-ca.crt', undefined],
    ['svc', 'kubernetes', 'default'],
    ['clusterroles.rbac.authorization.k8s.io', 'system:node', undefined],
  ])('reads objects as kubectl does: %s %s', async (resource, name, namespace) => {
    expect(await cluster.get(resource, name, namespace)).toEqual(await byKubectl(resource, name, ...(namespace === undefined ? [] : ['-n', namespace])));
  });

  it('tells no object from no such kind', async () => {
    expect(await cluster.get('configmap', 'none', 'default')).toBeUndefined();
    expect(await cluster.get('configmap', 'none', 'nowhere')).toBeUndefined();
    await expect(cluster.get('gadgets', 'none', 'default')).rejects.toThrow(`the server doesn't have a resource type "gadgets"`);
  });

  it('finds a kind that is defined, served as another version and defined again, and applies objects of it', async () => {
    const define = (version: string): Promise<void> =>
      cluster.apply({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'widgets.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { plural: 'widgets', singular: 'widget', kind: 'Widget', shortNames: ['wd'] },
          versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { size: { type: 'integer' } } } } }],
        },
      });
    const widget = (version: string, size: number | string) => cluster.apply({ apiVersion: `example.com/${version}`, kind: 'Widget', metadata: { name: 'one', namespace: 'default' }, size });
    for (const version of ['v1', 'v2']) {
      await define(version);
      await cluster.waitFor(`a widget of ${version}`, () => widget(version, 1).then(() => true));
      expect(await cluster.get('wd', 'one', 'default')).toMatchObject({ apiVersion: `example.com/${version}`, size: 1 });
      expect((await byKubectl('wd', 'one', '--show-managed-fields')).metadata.managedFields).toMatchObject([{ manager: 'hookwave-test', operation: 'Apply' }]);
      await cluster.kubectl(['delete', 'customresourcedefinition', 'widgets.example.com']);
      await expect(cluster.get('widgets.example.com')).rejects.toThrow();
    }
    await define('v1');
    await cluster.waitFor('an empty list', async () => (await cluster.get('widgets')).length === 0);
    await expect(widget('v1', 'big')).rejects.toThrow(/one.*size/s);
  });

  it('asks again where the server says so, and where a kept connection is dead', async () => {
    const proxy = await startFaultyProxy(cluster);
    const kubeconfig = join(cluster.dir, 'proxied.kubeconfig');
    const config = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8'));
    config.clusters[0].cluster.server = proxy.url;
    writeFileSync(kubeconfig, JSON.stringify(config));
    const send = apiClient(kubeconfig);
    const statusOf = async (path: string): Promise<number> => (await send({ method: 'GET', path })).status;
    const busy = { is: 'answer', headers: { 'retry-after': '0' } } as const;
    proxy.begin({ fault: ({ path, before }) => (path === '/busy' && before < 2 ? { ...busy, status: 429 + before * 74 } : path === '/api' && before === 0 ? { is: 'answer', status: 503 } : path === '/apis' && before === 0 ? { is: 'reset' } : undefined) });

    expect(await statusOf('/busy')).toBe(404);
    expect(await statusOf('/api')).toBe(503);
    expect(await statusOf('/apis')).toBe(200);
    expect(proxy.calls.map(({ path }) => path)).toEqual(['/busy', '/busy', '/busy', '/api', '/apis', '/apis']);
    await proxy.stop();
    await expect(statusOf('/api')).rejects.toThrow('ECONNREFUSED');
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
