import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/kube/cluster.ts';
import { beginRun, emptyRecord, finishRun, freezeRun, type RunRecord } from '../../../../src/plan/record.ts';
import { calicoInspect } from '../../../../src/steps/calico/calico-inspect.ts';
import { runCalicoInspect } from '../../../../src/steps/calico/calico-inspect.run.ts';
import { fakeCluster } from '../../../fake-cluster.ts';
import { fakeContext, memoryRecord } from '../../../fake-context.ts';
import { CRASHING, clusterInformation, daemonSet, deployment, install, node, pod } from '../../calico/objects.ts';

const PARAMS = { from: 'v3.13.4', to: 'v3.32.1', deployments: ['calico-kube-controllers'] };
const RUN = { plan: 'aaaaaaaa', from: 'v3.13.4', to: 'v3.32.1', startedAt: '2026-01-01T00:00:00Z', startVersion: 'v3.13.4' };
const FREEZE = { reason: 'x', at: '2026-01-01T01:00:00Z', workload: 'kube-system/calico-node', strategy: null };

async function inspect(objects: readonly KubeObject[], params: object = {}, record: RunRecord = emptyRecord('calico')) {
  const cluster = fakeCluster(objects);
  const context = fakeContext(cluster, { record: memoryRecord('calico', record) });
  const result = await runCalicoInspect(calicoInspect.params.parse({ ...PARAMS, ...params }), context);
  expect(cluster.writes).toEqual([]);
  expect(context.record.record).toBe(record);
  return { result, events: context.report.events };
}

function without(kind: string, name?: string): readonly KubeObject[] {
  return install().filter((object) => object.kind !== kind || (name !== undefined && object.metadata.name !== name));
}

function withNode(one: KubeObject): readonly KubeObject[] {
  return [...without('DaemonSet'), one];
}

function calicoctl(version: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'calicoctl', namespace: 'kube-system' }, spec: { containers: [{ name: 'calicoctl', image: `calico/ctl:${version}` }] } } as KubeObject;
}

test('says what is due and which rows of the release matrix are crossed', async () => {
  const { result, events } = await inspect(install());
  expect(result).toEqual({ outcome: 'done', message: 'due: v3.13.4 to v3.32.1, not-started: nothing runs v3.32.1 yet' });
  const rows = events.filter(({ event }) => event === 'release-row');
  expect(rows[0]?.message).toContain('v3.14.0: host endpoints');
  expect(rows.at(-1)?.fields['release']).toBe('v3.32.0');
});

describe('nothing is due', () => {
  test.each([
    ['Calico is absent', [node('a')], emptyRecord('calico')],
    ['the plan is done', install('v3.32.1'), finishRun(beginRun(emptyRecord('calico'), RUN), 'now')],
  ] as const)('%s', async (_what, objects, record) => {
    expect((await inspect(objects, {}, record)).result.outcome).toBe('already');
  });
});

describe('each problem fails the preflight and says what to do', () => {
  test.each([
    ['the live release is another minor', install('v3.20.0'), {}, 'node:v3.20.0 runs, but spec.from says v3.13.4', 'set spec.from to v3.20.0'],
    ['the live release is newer than the target', install('v3.33.0'), {}, 'newer than v3.32.1', 'correct spec.from and spec.to'],
    ['the image names no release', install('master'), {}, 'names no release', 'pin it'],
    ['the target is known to be bad', install(), { to: 'v3.32.0' }, 'v3.32.0 is no target', 'set spec.to to v3.32.1'],
    ['the DaemonSet replaces nothing', withNode(daemonSet({ strategy: 'OnDelete' })), {}, 'update strategy OnDelete', 'RollingUpdate'],
    ['the DaemonSet wants no Pod', withNode(daemonSet({ desired: 0 })), {}, 'wants no Pod', 'node selector'],
    ['Pods are missing', withNode(daemonSet({ available: 1 })), {}, '2 of 2 Pods updated, 1 available', 'bring them in order'],
    ['a Node is not Ready', [...install(), node('node-c', false)], {}, 'Node node-c is not Ready', 'node-c'],
    ['a Pod is not in order', [...without('Pod', 'b'), pod('a', { container: CRASHING })], {}, 'CrashLoopBackOff', 'bring them in order'],
    ['a Deployment is missing', without('Deployment'), {}, 'missing Deployment kube-system/calico-kube-controllers', 'restore it'],
    ['a Deployment is not in order', [...without('Deployment'), deployment('calico-kube-controllers', 'v3.13.4', 0)], {}, '0 available', 'bring it in order'],
    ['Calico is only partly there', without('DaemonSet'), {}, 'only partly there', 'remove the rest'],
    ['an old calicoctl helper', [...install(), calicoctl('v3.13.4')], {}, 'an old calicoctl must not be used', 'spec.install.calicoctl'],
  ])('%s', async (_what, objects, params, message, next) => {
    expect((await inspect(objects, params)).result).toMatchObject({ outcome: 'failed', exitCode: 10, message: expect.stringContaining(message), next: expect.stringContaining(next) });
  });

  test('data elsewhere than in the Kubernetes API', async () => {
    const base = daemonSet();
    const [container] = base.spec.template.spec.containers;
    const etcd = { ...base, spec: { ...base.spec, template: { ...base.spec.template, spec: { containers: [{ ...container!, env: [] }] } } } };
    expect((await inspect(withNode(etcd))).result).toMatchObject({ exitCode: 10, message: expect.stringContaining('etcdv3') });
  });
});

test('an etcd datastore is named as what it is', async () => {
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'calico-config', namespace: 'kube-system' }, data: { etcd_endpoints: 'https://10.0.0.1:2379' } } as KubeObject;
  const { result } = await inspect([...without('ClusterInformation'), settings]);
  expect(result).toMatchObject({ exitCode: 10, message: expect.stringContaining("Calico's data is not in the Kubernetes API") });
});

test('all problems come at once', async () => {
  const objects = [...withNode(daemonSet({ strategy: 'OnDelete' })), node('node-c', false), calicoctl('v3.13.4')];
  const { result } = await inspect(objects, { from: 'v3.10.0' });
  expect(result.message).toContain('4 problems:');
  for (const part of ['spec.from says v3.10.0', 'OnDelete', 'node-c', 'calicoctl']) expect(result.message).toContain(part);
});

describe('no problem', () => {
  test.each([
    ['another patch of the same minor', install('v3.13.2'), {}, undefined],
    ['an old calicoctl that the spec replaces', [...install(), calicoctl('v3.13.4')], { calicoctl: 'replace' }, undefined],
    ['an old calicoctl that may stay', [...install(), calicoctl('v3.13.4')], { calicoctl: 'keep' }, undefined],
    ['a calicoctl of the target', [...install(), calicoctl('v3.32.1')], {}, undefined],
    ['disorder while the rollout is under way', [daemonSet({ version: 'v3.32.1', updated: 1, available: 1 }), pod('a', { version: 'v3.32.1', container: CRASHING }), pod('b'), clusterInformation('v3.32.1'), node('x', false)], {}, undefined],
    ['our own freeze, known by its mark', withNode(daemonSet({ strategy: 'OnDelete', annotations: { 'hookwave.dev/frozen-by': 'aaaaaaaa' } })), {}, undefined],
    ['our own freeze, known by the record', withNode(daemonSet({ strategy: 'OnDelete' })), {}, freezeRun(beginRun(emptyRecord('calico'), { ...RUN, plan: 'bbbbbbbb' }), FREEZE)],
    ['a revert of a run that went half-way', [...install('v3.32.1')], { from: 'v3.10.0', to: 'v3.13.4' }, beginRun(emptyRecord('calico'), { ...RUN, plan: 'bbbbbbbb' })],
  ] as const)('%s', async (_what, objects, params, record) => {
    expect((await inspect(objects, params, record)).result.outcome).toBe('done');
  });

  test('canal of v3.13 without calico-kube-controllers', async () => {
    const canal = { ...daemonSet(), metadata: { ...daemonSet().metadata, name: 'canal' } };
    const objects = [...without('DaemonSet').filter(({ kind }) => kind !== 'Deployment'), canal];
    expect((await inspect(objects, { daemonset: 'canal' })).result.outcome).toBe('done');
  });
});
