import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/kube/client.ts';
import type { Cluster as KubeCluster, KubeObject } from '../../src/kube/cluster.ts';
import { configMapRecord } from '../../src/kube/config-map-record.ts';
import { isAlreadyExists, isConflict, isForbidden } from '../../src/kube/errors.ts';
import type { Lease } from '../../src/kube/lease.ts';
import { leaseLock } from '../../src/kube/lease-lock.ts';
import type { ConfigMap } from '../../src/kube/record-config-map.ts';
import { CONFIG_MAPS, DAEMON_SETS, LEASES, NODES, PODS } from '../../src/kube/resources.ts';
import { systemClock } from '../../src/kube/system-clock.ts';
import { whoAmI } from '../../src/cli/who-am-i.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../cluster/dump-logs-on-failure.ts';
import { startCluster } from '../cluster/start-cluster.ts';
import { collectingReporter } from '../fake-context.ts';

const NAMESPACE = 'default';

let real: Cluster;
let kube: KubeCluster;
dumpLogsOnFailure(() => real);
beforeAll(async () => {
  real = await startCluster();
  kube = await connect({ kubeconfig: real.kubeconfig });
});
afterAll(() => real?.stop());

function configMap(name: string, data: Record<string, string> = {}): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE, labels: { test: name } }, data };
}

describe('objects', () => {
  test('are created, read, listed, changed and deleted', async () => {
    const made = await kube.create(CONFIG_MAPS, configMap('crud', { a: '1', b: '2' }));
    const replaced = await kube.replace(CONFIG_MAPS, { ...made, data: { a: '2', b: '2' } });
    const patched = await kube.mergePatch<ConfigMap>(CONFIG_MAPS, replaced, { data: { b: null } });
    expect(patched.data).toEqual({ a: '2' });
    expect((await kube.get<ConfigMap>(CONFIG_MAPS, 'crud', NAMESPACE))?.data).toEqual({ a: '2' });
    const [listed] = await kube.list(CONFIG_MAPS, { namespace: NAMESPACE, labels: 'test=crud' });
    expect(listed).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'crud' } });
    expect(await kube.delete(CONFIG_MAPS, patched)).toBe(true);
    expect(await kube.delete(CONFIG_MAPS, patched)).toBe(false);
    expect(await kube.get(CONFIG_MAPS, 'crud', NAMESPACE)).toBeUndefined();
  });

  test('that moved on are a conflict, for a replace and for a patch', async () => {
    const seen = await kube.create(CONFIG_MAPS, configMap('moved'));
    await kube.mergePatch(CONFIG_MAPS, seen, { data: { by: 'another' } });
    expect(isConflict(await kube.replace(CONFIG_MAPS, seen).catch((error: unknown) => error))).toBe(true);
    expect(isConflict(await kube.mergePatch(CONFIG_MAPS, seen, { data: { by: 'me' } }).catch((error: unknown) => error))).toBe(true);
    expect(isAlreadyExists(await kube.create(CONFIG_MAPS, configMap('moved')).catch((error: unknown) => error))).toBe(true);
  });

  test('that were made anew under the same name are not deleted', async () => {
    const first = await kube.create(CONFIG_MAPS, configMap('anew'));
    await kube.delete(CONFIG_MAPS, first);
    const second = await kube.create(CONFIG_MAPS, configMap('anew'));
    expect(await kube.delete(CONFIG_MAPS, first)).toBe(false);
    expect((await kube.get(CONFIG_MAPS, 'anew', NAMESPACE))?.metadata.uid).toBe(second.metadata.uid);
  });

  test('come over several pages', async () => {
    await Promise.all(Array.from({ length: 20 }, async (_, index) => {
      for (let part = 0; part < 26; part++) await kube.create(CONFIG_MAPS, { ...configMap(`many-${index}-${part}`), metadata: { name: `many-${index}-${part}`, namespace: NAMESPACE, labels: { test: 'many' } } });
    }));
    expect(await kube.list(CONFIG_MAPS, { labels: 'test=many' })).toHaveLength(520);
  });
});

test('groups include the built-in and the aggregated ones', async () => {
  const groups = await kube.groups();
  expect(groups.find(({ name }) => name === 'apps')?.versions).toEqual(['v1']);
  await real.apply({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v3.projectcalico.org' },
    spec: { group: 'projectcalico.org', version: 'v3', groupPriorityMinimum: 1500, versionPriority: 20, insecureSkipTLSVerify: true, service: { name: 'nobody', namespace: NAMESPACE } },
  });
  await real.waitFor('the aggregated group, which is down', async () => (await kube.groups()).some(({ name }) => name === 'projectcalico.org'));
});

test('a missing right names verb and resource', async () => {
  await real.kubectl(['create', 'serviceaccount', 'nobody', '-n', NAMESPACE]);
  const token = (await real.kubectl(['create', 'token', 'nobody', '-n', NAMESPACE])).trim();
  const kubeconfig = `${real.dir}/nobody.json`;
  const config = JSON.parse(await real.kubectl(['config', 'view', '--raw', '--flatten', '-o', 'json'])) as { users: { name: string; user: object }[] };
  writeFileSync(kubeconfig, JSON.stringify({ ...config, users: config.users.map(({ name }) => ({ name, user: { token } })) }));
  const nobody = await connect({ kubeconfig });
  const error = await nobody.list(DAEMON_SETS, { namespace: 'kube-system' }).catch((thrown: unknown) => thrown);
  expect(isForbidden(error)).toBe(true);
  expect(String(error)).toContain('cannot list resource "daemonsets" in API group "apps" in the namespace "kube-system"');
  expect(await whoAmI(nobody)).toBe(`system:serviceaccount:${NAMESPACE}:nobody`);
});

test('changes are seen when they happen, not at a next look', async () => {
  const stop = new AbortController();
  const delays: number[] = [];
  let changedAt: number | undefined;
  for await (const [map] of kube.observe<ConfigMap>(CONFIG_MAPS, { namespace: NAMESPACE, fields: 'metadata.name=quick' }, stop.signal)) {
    if (changedAt !== undefined) delays.push(performance.now() - changedAt);
    if (delays.length === 5) break;
    changedAt = undefined;
    const next = { n: String(delays.length) };
    setTimeout(() => {
      const change = map ? kube.mergePatch(CONFIG_MAPS, map, { data: next }) : kube.create(CONFIG_MAPS, configMap('quick', next));
      void change.then(() => (changedAt ??= performance.now()));
      changedAt = performance.now();
    }, 200);
  }
  expect(delays.sort((a, b) => a - b)[2]).toBeLessThan(1000);
});

describe('the API server is killed and comes back after 10 seconds', () => {
  test('a watch goes on, reads and writes wait, the Lease stays ours', async () => {
    const stop = new AbortController();
    const names = new Set<string>();
    const watching = (async () => {
      for await (const maps of kube.observe(CONFIG_MAPS, { namespace: NAMESPACE, labels: 'outage=yes' }, stop.signal)) for (const { metadata } of maps) names.add(metadata.name);
    })();
    const before = await kube.create(CONFIG_MAPS, outage('before'));
    await real.waitFor('the first object', async () => names.has('before'));

    const { lock, report } = contender('outage', 'uid-1');
    await lock.hold(async (signal) => {
      await real.apiserver.kill();
      const restarted = new Promise((resolve) => setTimeout(resolve, 10_000)).then(() => real.apiserver.start());
      const read = kube.get(CONFIG_MAPS, 'before', NAMESPACE);
      const patched = kube.mergePatch<ConfigMap>(CONFIG_MAPS, before, { data: { written: 'in the outage' } });
      const created = kube.create(CONFIG_MAPS, outage('during'));
      await restarted;
      expect((await read)?.metadata.uid).toBe(before.metadata.uid);
      expect((await patched).data).toEqual({ written: 'in the outage' });
      expect((await created).metadata.name).toBe('during');
      expect(signal.aborted).toBe(false);
    });
    await kube.create(CONFIG_MAPS, outage('after'));
    await real.waitFor('the objects of the outage', async () => names.has('during') && names.has('after'));
    stop.abort();
    await watching;
    expect(report.events.filter(({ event }) => event === 'lock-lost')).toEqual([]);
    expect((await lease('outage'))?.spec?.holderIdentity).toBe('');
  });
});

function outage(name: string): ConfigMap {
  return { ...configMap(name), metadata: { name, namespace: NAMESPACE, labels: { outage: 'yes' } } };
}

function contender(upgrade: string, uid: string, pod = `${NAMESPACE}/pod-${uid}`) {
  const identity = { upgrade, namespace: NAMESPACE, plan: 'aaaaaaaa' };
  const { signal } = new AbortController();
  const record = configMapRecord({ cluster: kube, identity, clock: systemClock, signal });
  const report = collectingReporter();
  return { record, report, lock: leaseLock({ cluster: kube, identity, clock: systemClock, signal, record, report, holder: { uid, pod } }) };
}

const lease = (upgrade: string): Promise<Lease | undefined> => kube.get<Lease>(LEASES, `hookwave-${upgrade}`, NAMESPACE);

describe('the Lease', () => {
  test('of a Pod that is gone is taken over at once, and counted', async () => {
    const killed = contender('taken', 'uid-1');
    void killed.lock.hold(() => new Promise(() => undefined)).catch(() => undefined);
    await real.waitFor('the first holder', async () => (await lease('taken'))?.spec?.holderIdentity === 'uid-1');

    const second = contender('taken', 'uid-2');
    const started = performance.now();
    expect(await second.lock.hold(async () => (await lease('taken'))?.spec)).toMatchObject({ holderIdentity: 'uid-2', leaseTransitions: 1 });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect((await second.record.read()).record.takeOvers).toBe(1);
  });

  test('of a Pod that is there is waited for', async () => {
    const pod = await kube.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'busy', namespace: NAMESPACE }, spec: { nodeName: 'nowhere', containers: [{ name: 'c', image: 'i' }] } } as KubeObject);
    const uid = pod.metadata.uid ?? '';
    let isInside = false;
    const first = contender('waited', uid, `${NAMESPACE}/busy`).lock.hold(async () => {
      isInside = true;
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      isInside = false;
    });
    await real.waitFor('the first holder', async () => isInside);
    const second = contender('waited', 'uid-2');
    expect(await second.lock.hold(async () => isInside)).toBe(false);
    await first;
    expect((await second.record.read()).record.takeOvers).toBe(0);
    expect(second.report.events.map(({ event }) => event)).toEqual(['lock-waits']);
  });
});

test('two writers of one record lose nothing', async () => {
  const { record } = contender('record', 'uid-1');
  await Promise.all(Array.from({ length: 4 }, () => record.update((current) => ({ ...current, takeOvers: current.takeOvers + 1 }))));
  expect((await record.read()).record.takeOvers).toBe(4);
});

test('a node list on a cluster without nodes is empty, not an error', async () => {
  expect(await kube.list(NODES)).toEqual([]);
});
