import { describe, expect, test } from 'vitest';
import { TEMPORARY_SPEC } from '../../../../src/calico/temporary-policy.ts';
import { ApiError } from '../../../../src/kube/errors.ts';
import type { RunRecord } from '../../../../src/plan/record.ts';
import { runCalicoProtect } from '../../../../src/steps/calico/calico-protect.run.ts';
import { fakeCluster } from '../../../fake-cluster.ts';
import { fakeContext, memoryRecord } from '../../../fake-context.ts';
import { clusterInformation, daemonSet, install, pod } from '../../calico/objects.ts';
import { allowAll } from '../../calico/host-policy-objects.ts';
import { apiService, hidden, storedEndpoint, storedPolicy } from '../../calico/stored-objects.ts';
import { AT, contents, ENDPOINTS, foreignPolicy, killAtEachWrite, LABEL, labelled, policyNames, RUNNING } from './host-endpoint-steps.ts';

const before = () => fakeCluster([...install('v3.13.4'), ...ENDPOINTS]);
const context = (cluster = before(), record?: RunRecord) => fakeContext(cluster, { record: memoryRecord('calico', record) });
const undoOf = (cluster: ReturnType<typeof before>) =>
  JSON.parse(cluster.find<{ data: Record<string, string> } & ReturnType<typeof storedEndpoint>>('ConfigMap', 'hookwave-calico-endpoints', 'hookwave-calico').data['undo.json']!) as object;

describe('calico-protect', () => {
  test('labels the endpoints in need, makes the policy and opens the run', async () => {
    const cluster = before();
    const { record, ...rest } = context(cluster);
    const result = await runCalicoProtect(AT, { ...rest, record });

    expect(result).toEqual({ outcome: 'done', message: 'GlobalNetworkPolicy allow-all-upgrade protects HostEndpoints node-1-all, node-2-all, node-3-all' });
    expect(labelled(cluster)).toEqual(['node-1-all', 'node-2-all', 'node-3-all']);
    expect(cluster.find('HostEndpoint', 'node-1-all').metadata).toMatchObject({ labels: { team: 'edge', [LABEL]: '' }, annotations: { note: 'kept' } });
    expect(cluster.find('GlobalNetworkPolicy', 'default.allow-all-upgrade')).toMatchObject({
      apiVersion: 'crd.projectcalico.org/v1',
      metadata: { annotations: { 'hookwave.dev/upgrade': 'calico', ...hidden({ creationTimestamp: null }) } },
      spec: {
        selector: 'has(host-endpoint-upgrade)',
        types: ['Ingress', 'Egress'],
        ingress: [{ action: 'Log' }, { action: 'Allow' }],
        egress: [{ action: 'Log' }, { action: 'Allow' }],
      },
    });
    expect(Object.keys(cluster.find<ReturnType<typeof storedPolicy>>('GlobalNetworkPolicy', 'default.allow-all-upgrade').spec)).toHaveLength(4);
    expect(record.record.run).toMatchObject({ plan: 'aaaaaaaa', state: 'running', startVersion: 'v3.13.4' });
  });

  test('the policy is there before the first label', async () => {
    const cluster = before();
    await runCalicoProtect(AT, context(cluster));
    expect(cluster.writes.map(({ verb, kind }) => `${verb} ${kind}`)).toEqual(['create ConfigMap', 'create GlobalNetworkPolicy', 'patch HostEndpoint', 'patch HostEndpoint']);
  });

  test('remembers which labels are its own', async () => {
    const cluster = before();
    await runCalicoProtect(AT, context(cluster));
    expect(undoOf(cluster)).toEqual({ schema: 1, endpoints: ['node-1-all', 'node-2-all'], policy: true });
  });

  test('a second run finds everything in place and writes nothing', async () => {
    const cluster = before();
    const first = context(cluster);
    await runCalicoProtect(AT, first);
    const [writes, held] = [cluster.writes.length, first.lock.held];
    const changes = first.record.changes;
    expect(await runCalicoProtect(AT, first)).toMatchObject({ outcome: 'already' });
    expect([cluster.writes.length, first.lock.held, first.record.changes]).toEqual([writes, held, changes]);
  });

  test.each<[string, () => ReturnType<typeof before>, string]>([
    ['nothing of Calico is there', () => fakeCluster([]), 'not installed'],
    ['everything runs the target', () => fakeCluster([...install('v3.32.1'), ...ENDPOINTS]), 'v3.32.1'],
  ])('when %s it takes no Lease and writes nothing', async (_what, start, message) => {
    const cluster = start();
    const fake = context(cluster);
    expect(await runCalicoProtect(AT, fake)).toMatchObject({ outcome: 'already', message: expect.stringContaining(message) });
    expect([cluster.writes, fake.lock.held, fake.record.changes]).toEqual([[], 0, 0]);
  });

  test('an install that is only partly there fails before anything changes', async () => {
    const cluster = fakeCluster([clusterInformation('v3.13.4'), ...ENDPOINTS]);
    const fake = context(cluster);
    expect(await runCalicoProtect(AT, fake)).toMatchObject({ outcome: 'failed', exitCode: 10 });
    expect([cluster.writes, fake.record.changes]).toEqual([[], 0]);
  });

  test('an upgrade that does not cross v3.14 only opens the run', async () => {
    const cluster = fakeCluster([...install('v3.20.6'), ...ENDPOINTS]);
    const fake = context(cluster);
    expect(await runCalicoProtect({ ...AT, from: 'v3.20.6' }, fake)).toMatchObject({ outcome: 'done', message: expect.stringContaining('changes nothing for host endpoints') });
    expect(cluster.writes).toEqual([]);
    expect(fake.record.record.run?.state).toBe('running');
    expect(await runCalicoProtect({ ...AT, from: 'v3.20.6' }, fake)).toMatchObject({ outcome: 'already' });
  });

  test('a cluster that runs v3.14 or later already is left alone, whatever the spec says', async () => {
    const cluster = fakeCluster([...install('v3.20.6'), ...ENDPOINTS]);
    expect(await runCalicoProtect(AT, context(cluster))).toMatchObject({ message: expect.stringContaining('the cluster runs v3.20.6') });
    expect(cluster.writes).toEqual([]);
  });

  test('a guard that holds the only new calico-node does not make the cluster look upgraded', async () => {
    const guarded = pod('a', { version: 'v3.32.1', init: { name: 'hookwave-guard', state: { running: {} } }, container: { ready: false } });
    const cluster = fakeCluster([daemonSet({ version: 'v3.32.1', desired: 1, available: 0 }), guarded, clusterInformation('v3.13.4'), ...ENDPOINTS]);
    await runCalicoProtect(AT, context(cluster));
    expect(labelled(cluster)).toContain('node-1-all');
    expect(policyNames(cluster)).toHaveLength(1);
  });

  test('endpoints that other policies cover get no label; with no other in need there is no policy', async () => {
    const cover = storedPolicy('default.edge', allowAll().spec);
    const cluster = fakeCluster([...install('v3.13.4'), ...ENDPOINTS.slice(0, 4), cover]);
    expect(await runCalicoProtect(AT, context(cluster))).toEqual({ outcome: 'done', message: 'nothing to protect: other policies or profiles cover HostEndpoints node-1-all, node-2-all' });
    expect(cluster.writes).toEqual([]);
  });

  test('without a manual `*` endpoint it says so', async () => {
    const cluster = fakeCluster([...install('v3.13.4'), ...ENDPOINTS.slice(2, 4)]);
    expect(await runCalicoProtect(AT, context(cluster))).toMatchObject({ outcome: 'done', message: expect.stringContaining('there is no `*` host endpoint that somebody made by hand') });
    expect(cluster.writes).toEqual([]);
  });

  test('a foreign policy of that name stops it before anything else changes', async () => {
    const cluster = fakeCluster([...install('v3.13.4'), ...ENDPOINTS, foreignPolicy]);
    expect(await runCalicoProtect(AT, context(cluster))).toMatchObject({ outcome: 'failed', exitCode: 10, message: expect.stringContaining('default.allow-all-upgrade exists and is not the temporary policy') });
    expect(cluster.writes).toEqual([]);
  });

  test.each(['allow-all-upgrade', 'default.allow-all-upgrade'])('the policy of the runbook, made by hand as %s, is used as it is', async (name) => {
    const cluster = fakeCluster([...install('v3.13.4'), ...ENDPOINTS, storedPolicy(name, TEMPORARY_SPEC)]);
    expect(await runCalicoProtect(AT, context(cluster))).toMatchObject({ outcome: 'done' });
    expect(policyNames(cluster)).toEqual([name]);
    expect(undoOf(cluster)).toMatchObject({ policy: false });
  });

  test('its own policy may have lost its mark or its Log, but not its Allow', async () => {
    const cluster = before();
    const fake = context(cluster);
    await runCalicoProtect(AT, fake);
    const quiet = { ...TEMPORARY_SPEC, ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] };
    cluster.put(storedPolicy('default.allow-all-upgrade', quiet));
    expect(await runCalicoProtect(AT, fake)).toMatchObject({ outcome: 'already' });
    cluster.put(storedPolicy('default.allow-all-upgrade', { ...quiet, egress: [{ action: 'Deny' }] }, { annotations: { 'hookwave.dev/upgrade': 'calico' } }));
    expect(await runCalicoProtect(AT, fake)).toMatchObject({ outcome: 'failed', exitCode: 10 });
  });

  test('endpoints that appear meanwhile are taken, too', async () => {
    const cluster = before();
    cluster.afterWrite = ({ kind, name }) => {
      if (kind === 'HostEndpoint' && name === 'node-2-all') cluster.put(storedEndpoint('node-4-all', { node: 'node-4' }));
    };
    await runCalicoProtect(AT, context(cluster));
    expect(labelled(cluster)).toContain('node-4-all');
    expect(undoOf(cluster)).toMatchObject({ endpoints: ['node-1-all', 'node-2-all', 'node-4-all'] });
  });

  test('a label that somebody takes away each time is an error that says so', async () => {
    const cluster = before();
    cluster.afterWrite = ({ kind, name }) => {
      if (kind === 'HostEndpoint' && name === 'node-2-all') cluster.put(storedEndpoint('node-2-all', { node: 'node-2' }));
    };
    await expect(runCalicoProtect(AT, context(cluster))).rejects.toThrow('does not last');
  });

  test('writes whose repeat is answered with what the lost first one has done are its own: done, not already', async () => {
    const cluster = before();
    const answers: Readonly<Record<string, string>> = { GlobalNetworkPolicy: 'AlreadyExists', HostEndpoint: 'Conflict' };
    cluster.afterWrite = ({ kind }) => {
      const reason = answers[kind];
      if (reason) throw new ApiError(409, reason, 'the repeat');
    };
    expect(await runCalicoProtect(AT, context(cluster, RUNNING))).toMatchObject({ outcome: 'done' });
    expect(await runCalicoProtect(AT, context(cluster, RUNNING))).toMatchObject({ outcome: 'already' });
  });

  test('a conflict on an endpoint is overcome', async () => {
    const cluster = before();
    let conflicts = 0;
    cluster.onWrite = ({ kind }) => {
      if (kind === 'HostEndpoint' && conflicts++ < 3) throw new ApiError(409, 'Conflict', 'the object has been modified');
    };
    expect(await runCalicoProtect(AT, context(cluster))).toMatchObject({ outcome: 'done' });
    expect(labelled(cluster)).toHaveLength(3);
  });

  test('a frozen plan does not go on', async () => {
    const cluster = before();
    const freeze = { reason: 'stuck', at: '2026-01-01T00:30:00.000Z', workload: 'kube-system/calico-node', strategy: null };
    const frozen: RunRecord = { ...RUNNING, run: { ...RUNNING.run!, state: 'frozen', freeze } };
    expect(await runCalicoProtect(AT, context(cluster, frozen))).toMatchObject({ outcome: 'failed', exitCode: 10, message: expect.stringContaining('stuck') });
    expect(cluster.writes).toEqual([]);
  });

  test('Calico on etcd is refused with the way that works', async () => {
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'calico-config', namespace: 'kube-system' }, data: { etcd_endpoints: 'https://etcd' } };
    const objects = install('v3.13.4').filter(({ kind }) => kind !== 'ClusterInformation');
    const cluster = fakeCluster([...objects, daemonSet({ version: 'v3.32.1' }), config], { groups: ['apps'] });
    expect(await runCalicoProtect(AT, context(cluster, RUNNING))).toMatchObject({ outcome: 'failed', exitCode: 10, next: expect.stringContaining('calicoctl') });
  });

  test('with an aggregated API that answers, everything goes through projectcalico.org/v3', async () => {
    const v3 = 'projectcalico.org/v3';
    const cluster = fakeCluster([...install('v3.13.4'), apiService('True'), storedEndpoint('all', {}, {}, v3)]);
    await runCalicoProtect(AT, context(cluster));
    expect(cluster.find('GlobalNetworkPolicy', 'allow-all-upgrade').apiVersion).toBe(v3);
    expect(labelled(cluster)).toEqual(['all']);
  });
});

describe.each([false, true])('killed at each write (answer lost: %s)', (lost) => {
  test('the next run ends where an undisturbed one does, and no endpoint is ever labelled without the policy', async () => {
    const undisturbed = before();
    await runCalicoProtect(AT, context(undisturbed));
    const kills = await killAtEachWrite(lost, before, (cluster) => runCalicoProtect(AT, context(cluster)), {
      atKill: (cluster) => expect(policyNames(cluster).length === 0 && labelled(cluster).length > 1).toBe(false),
      atEnd: (cluster) => expect(contents(cluster)).toEqual(contents(undisturbed)),
    });
    expect(kills).toBe(4);
  });
});
