import { describe, expect, test } from 'vitest';
import { TEMPORARY_SPEC } from '../../../../src/calico/temporary-policy.ts';
import type { KubeObject } from '../../../../src/kube/cluster.ts';
import type { RunRecord } from '../../../../src/plan/record.ts';
import { runCalicoProtect } from '../../../../src/steps/calico/calico-protect.run.ts';
import { calicoUnprotect } from '../../../../src/steps/calico/calico-unprotect.ts';
import { runCalicoUnprotect } from '../../../../src/steps/calico/calico-unprotect.run.ts';
import { fakeCluster, type FakeCluster } from '../../../fake-cluster.ts';
import { fakeContext, memoryRecord } from '../../../fake-context.ts';
import { install } from '../../calico/objects.ts';
import { allowAll } from '../../calico/host-policy-objects.ts';
import { hidden, storedEndpoint, storedPolicy } from '../../calico/stored-objects.ts';
import { AT, contents, DONE, ENDPOINTS, killAtEachWrite, LABEL, labelled, PLAN, policyNames, RUNNING } from './host-endpoint-steps.ts';

const params = (more: object = {}) => calicoUnprotect.params.parse({ ...AT, ...more });
const APPROVED = { what: 'cleanup', plan: PLAN, by: 'ops', at: '2026-01-02T00:00:00.000Z' } as const;
const cover = storedPolicy('default.everything', allowAll().spec);

/** After prepare and rollout; something else covers every endpoint. */
async function upgraded(...more: readonly KubeObject[]): Promise<FakeCluster> {
  const cluster = fakeCluster([...install('v3.13.4'), ...ENDPOINTS]);
  await runCalicoProtect(AT, fakeContext(cluster));
  for (const object of [...install('v3.32.1'), ...more]) cluster.put(object);
  cluster.writes.length = 0;
  return cluster;
}

function context(cluster: FakeCluster, { record = DONE, approved = true }: { record?: RunRecord; approved?: boolean } = {}) {
  const store = memoryRecord('calico', record);
  if (approved) store.approvals.push(APPROVED);
  return fakeContext(cluster, { record: store });
}

const dataOf = (cluster: FakeCluster) => cluster.find<KubeObject & { data: Record<string, string> }>('ConfigMap', 'hookwave-calico-endpoints', 'hookwave-calico').data;

describe('the gates', () => {
  test.each<[string, object, Parameters<typeof context>[1], readonly KubeObject[], string]>([
    ['no run is recorded', {}, { record: { schema: 1, upgrade: 'calico', history: [], steps: {}, takeOvers: 0 } }, [cover], 'not verified yet'],
    ['the run is not verified', {}, { record: RUNNING }, [cover], 'not verified yet'],
    ['another plan was verified', {}, { record: { ...DONE, run: { ...DONE.run!, plan: 'bbbbbbbb' } } }, [cover], 'not verified yet'],
    ['nobody approved', {}, { approved: false }, [cover], 'hookwave approve calico'],
    ['another plan is approved in Git', { approved: 'bbbbbbbb' }, { approved: false }, [cover], 'hookwave approve calico'],
    ['nothing else covers the endpoints', {}, {}, [], 'cover: give each of these host endpoints'],
  ])('when %s it waits, succeeds and writes nothing', async (_what, more, options, objects, on) => {
    const cluster = await upgraded(...objects);
    const result = await runCalicoUnprotect(params(more), context(cluster, options));
    expect(result).toMatchObject({ outcome: 'blocked', exitCode: 0, on: expect.stringContaining(on) });
    expect(cluster.writes).toEqual([]);
  });

  test('all that it waits for is said at once, with the endpoints and directions', async () => {
    const cluster = await upgraded(storedPolicy('default.in', { selector: "team == 'edge'", types: ['Ingress'], ingress: [{ action: 'Allow', protocol: 'TCP' }] }));
    const result = await runCalicoUnprotect(params(), context(cluster, { approved: false }));
    expect(result).toMatchObject({ on: expect.stringMatching(/^approval: .*; cover: .*: node-1-all \(egress\), node-2-all \(ingress, egress\), node-3-all \(ingress, egress\)$/) });
  });

  test('an override names what it overrides, and no more', async () => {
    const cluster = await upgraded();
    const some = await runCalicoUnprotect(params({ overrides: ['node-1-all', 'node-2-all'] }), context(cluster));
    expect(some).toMatchObject({ outcome: 'blocked', on: expect.stringMatching(/: node-3-all \(ingress, egress\)$/) });
    const all = await runCalicoUnprotect(params({ overrides: ['node-1-all', 'node-2-all', 'node-3-all'] }), context(cluster));
    expect(all).toMatchObject({ outcome: 'done' });
  });

  test('the digest in the spec approves, too', async () => {
    const cluster = await upgraded(cover);
    expect(await runCalicoUnprotect(params({ approved: PLAN }), context(cluster, { approved: false }))).toMatchObject({ outcome: 'done' });
  });

  test('an endpoint that is gone needs no cover', async () => {
    const cluster = await upgraded(storedPolicy('default.some', { ...allowAll().spec, selector: "team == 'edge'" }));
    cluster.remove('HostEndpoint', 'node-2-all');
    cluster.remove('HostEndpoint', 'node-3-all');
    expect(await runCalicoUnprotect(params(), context(cluster))).toMatchObject({ outcome: 'done' });
  });
});

describe('the cleanup', () => {
  test('takes its labels and its policy away; a label from before stays', async () => {
    const cluster = await upgraded(cover);
    expect(await runCalicoUnprotect(params(), context(cluster))).toMatchObject({ outcome: 'done' });
    expect(policyNames(cluster)).toEqual(['default.everything']);
    expect(labelled(cluster)).toEqual(['node-3-all']);
    expect(cluster.find('HostEndpoint', 'node-1-all').metadata).toMatchObject({ labels: { team: 'edge' }, annotations: { note: 'kept' } });
  });

  test('saves the policy first, for kubectl apply, and deletes it last', async () => {
    const cluster = await upgraded(cover);
    await runCalicoUnprotect(params(), context(cluster));
    expect(cluster.writes.map(({ verb, kind }) => `${verb} ${kind}`)).toEqual(['patch ConfigMap', 'patch HostEndpoint', 'patch HostEndpoint', 'delete GlobalNetworkPolicy', 'patch ConfigMap']);
    const { items } = JSON.parse(dataOf(cluster)['policy.json']!) as { items: readonly KubeObject[] };
    expect(items).toEqual([expect.objectContaining({ apiVersion: 'crd.projectcalico.org/v1', kind: 'GlobalNetworkPolicy', spec: TEMPORARY_SPEC })]);
    expect(Object.keys(items[0]!.metadata)).toEqual(['name', 'annotations']);
    expect(JSON.parse(dataOf(cluster)['undo.json']!)).toMatchObject({ endpoints: [], policy: false, removed: { endpoints: ['node-1-all', 'node-2-all'] } });
  });

  test('a second run finds nothing left and writes nothing', async () => {
    const cluster = await upgraded(cover);
    const fake = context(cluster);
    await runCalicoUnprotect(params(), fake);
    const [writes, held] = [cluster.writes.length, fake.lock.held];
    expect(await runCalicoUnprotect(params(), fake)).toEqual({ outcome: 'already', message: 'no temporary policy and no label of this upgrade is left' });
    expect([cluster.writes.length, fake.lock.held]).toEqual([writes, held]);
  });

  test('afterwards the label belongs to whoever sets it', async () => {
    const cluster = await upgraded(cover);
    await runCalicoUnprotect(params(), context(cluster));
    cluster.put(storedEndpoint('node-1-all', {}, { labels: { [LABEL]: '' } }));
    expect(await runCalicoUnprotect(params(), context(cluster))).toMatchObject({ outcome: 'already' });
    expect(labelled(cluster)).toContain('node-1-all');
  });

  test.each([
    ['renamed by Calico', ['allow-all-upgrade']],
    ['caught while it is renamed', ['default.allow-all-upgrade', 'allow-all-upgrade']],
  ])('finds the policy %s, where its mark has moved into the annotation', async (_what, names) => {
    const cluster = await upgraded(cover);
    cluster.remove('GlobalNetworkPolicy', 'default.allow-all-upgrade');
    const kept = hidden({ name: 'allow-all-upgrade', annotations: { 'hookwave.dev/upgrade': 'calico' } });
    for (const name of names) cluster.put(storedPolicy(name, TEMPORARY_SPEC, { annotations: kept }));
    expect(await runCalicoUnprotect(params(), context(cluster))).toMatchObject({ outcome: 'done' });
    expect(policyNames(cluster)).toEqual(['default.everything']);
  });

  test('a policy that Calico creates anew under its new name in the middle is taken away, too', async () => {
    const cluster = await upgraded(cover);
    cluster.afterWrite = ({ verb, name }) => {
      if (verb === 'delete' && name === 'default.allow-all-upgrade') cluster.put(storedPolicy('allow-all-upgrade', TEMPORARY_SPEC));
    };
    expect(await runCalicoUnprotect(params(), context(cluster))).toMatchObject({ outcome: 'done' });
    expect(policyNames(cluster)).toEqual(['default.everything']);
  });

  test('takes a label out of the annotation into which a newer calicoctl has moved it', async () => {
    const cluster = await upgraded(cover);
    cluster.put(storedEndpoint('node-1-all', {}, { annotations: hidden({ labels: { team: 'edge', [LABEL]: '' } }) }));
    await runCalicoUnprotect(params(), context(cluster));
    expect(cluster.find('HostEndpoint', 'node-1-all').metadata.annotations).toEqual(hidden({ labels: { team: 'edge' } }));
  });

  test('the policy of a user, by that name, stays', async () => {
    const cluster = fakeCluster([...install('v3.13.4'), ...ENDPOINTS, storedPolicy('default.allow-all-upgrade', TEMPORARY_SPEC), cover]);
    await runCalicoProtect(AT, fakeContext(cluster));
    expect(await runCalicoUnprotect(params(), context(cluster))).toMatchObject({ outcome: 'already' });
    expect(policyNames(cluster)).toContain('default.allow-all-upgrade');
  });

  test('goes on waiting when an endpoint comes to depend on the policy after the gates were looked at', async () => {
    const cluster = await upgraded(storedPolicy('default.edge', { ...allowAll().spec, selector: "team == 'edge'" }), cover);
    cluster.onWrite = ({ kind, verb }) => {
      if (kind === 'ConfigMap' && verb === 'patch') cluster.onWrite = undefined;
      if (kind === 'ConfigMap') cluster.remove('GlobalNetworkPolicy', 'default.everything');
    };
    cluster.afterWrite = ({ kind, name }) => {
      if (kind === 'HostEndpoint') cluster.put(storedEndpoint(name, {}, { labels: { [LABEL]: '' } }));
      if (kind === 'GlobalNetworkPolicy') cluster.put(storedPolicy('allow-all-upgrade', TEMPORARY_SPEC));
    };
    expect(await runCalicoUnprotect(params(), context(cluster))).toMatchObject({ outcome: 'blocked', on: expect.stringContaining('node-2-all') });
    expect(policyNames(cluster)).toContain('allow-all-upgrade');
  });

  test('nothing but notes left, as after a manual cleanup: they are closed without any gate', async () => {
    const cluster = await upgraded();
    cluster.remove('GlobalNetworkPolicy', 'default.allow-all-upgrade');
    for (const endpoint of ENDPOINTS) cluster.put(endpoint);
    expect(await runCalicoUnprotect(params(), context(cluster, { approved: false }))).toMatchObject({ outcome: 'done' });
    expect(JSON.parse(dataOf(cluster)['undo.json']!)).toMatchObject({ endpoints: [], policy: false });
  });

  test('without undo data no label is taken for its own; the marked policy goes', async () => {
    const cluster = await upgraded(cover);
    cluster.remove('ConfigMap', 'hookwave-calico-endpoints', 'hookwave-calico');
    expect(await runCalicoUnprotect(params(), context(cluster))).toMatchObject({ outcome: 'done' });
    expect(policyNames(cluster)).toEqual(['default.everything']);
    expect(labelled(cluster)).toHaveLength(3);
  });

  test('where there was nothing to protect there is nothing to clean up', async () => {
    const cluster = fakeCluster(install('v3.32.1'));
    const fake = context(cluster, { approved: false });
    expect(await runCalicoUnprotect(params(), fake)).toMatchObject({ outcome: 'already' });
    expect([cluster.writes, fake.lock.held]).toEqual([[], 0]);
  });
});

describe.each([false, true])('killed at each write (answer lost: %s)', (lost) => {
  test('the next run ends where an undisturbed one does', async () => {
    const undisturbed = await upgraded(cover);
    await runCalicoUnprotect(params(), context(undisturbed));
    const starts = await Promise.all(Array.from({ length: 8 }, () => upgraded(cover)));
    const kills = await killAtEachWrite(lost, () => starts.pop()!, (cluster) => runCalicoUnprotect(params(), context(cluster)), {
      atKill: (cluster) => expect(policyNames(cluster).length === 1 && labelled(cluster).length > 1, 'no policy, but labels').toBe(false),
      atEnd: (cluster) => expect(contents(cluster)).toEqual(contents(undisturbed)),
    });
    expect(kills).toBe(5);
  });
});
