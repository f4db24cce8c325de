import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assess, type Assessment, type Target } from '../../../src/calico/assess.ts';
import type { KubeObject } from '../../../src/kube/cluster.ts';
import { beginRun, emptyRecord, finishRun, freezeRun, type RunRecord } from '../../../src/plan/record.ts';
import { fakeCluster } from '../../fake-cluster.ts';
import { clusterInformation, daemonSet, deployment, install, pod, WORKLOAD } from './objects.ts';

const TARGET: Target = { plan: 'bbbbbbbb', from: 'v3.13.4', to: 'v3.32.1' };
const RUN = { plan: TARGET.plan, from: 'v3.13.4', to: 'v3.32.1', startedAt: '2026-01-01T00:00:00Z', startVersion: 'v3.13.4' };
const NONE = emptyRecord('calico');
const OPEN = beginRun(NONE, RUN);
const DONE = finishRun(OPEN, '2026-01-01T01:00:00Z');
const FROZEN = freezeRun(OPEN, { reason: 'x', at: '2026-01-01T01:00:00Z', workload: 'kube-system/calico-node', strategy: null });
const OTHER = { ...RUN, plan: 'aaaaaaaa' };
const OTHER_OPEN = beginRun(NONE, OTHER);
const OTHER_DONE = finishRun(OTHER_OPEN, '2026-01-01T01:00:00Z');

async function due(objects: readonly KubeObject[], record: RunRecord = NONE, target = TARGET): Promise<Assessment> {
  const cluster = fakeCluster(objects);
  const found = await assess(cluster, WORKLOAD, target, record);
  expect(cluster.writes).toEqual([]);
  return found;
}

const OLD = install('v3.13.4');
const NEW = install('v3.32.1');
const MIXED = [daemonSet({ version: 'v3.32.1', updated: 1 }), pod('a', { version: 'v3.32.1' }), pod('b'), deployment('calico-kube-controllers'), clusterInformation('v3.32.1')];
const NEW_NODE_DOWN = [daemonSet({ version: 'v3.32.1', available: 1 }), pod('a', { version: 'v3.32.1' }), pod('b', { version: 'v3.32.1', container: { ready: false } }), clusterInformation('v3.32.1')];

describe('what is due', () => {
  test.each([
    ['nothing of the release runs', OLD, NONE, 'not-started'],
    ['only the template carries it', [daemonSet({ version: 'v3.32.1', updated: 0 }), pod('a'), pod('b'), clusterInformation('v3.13.4')], NONE, 'in-progress'],
    ['a part of the Pods runs it, whatever ClusterInformation says', MIXED, NONE, 'in-progress'],
    ['everything runs it, and nothing is recorded', NEW, NONE, 'done'],
    ['a fresh install is still starting', NEW_NODE_DOWN, NONE, 'in-progress'],
    ['everything runs it, but the run is not verified', NEW, OPEN, 'in-progress'],
    ['everything runs it, and the run is frozen', NEW, FROZEN, 'in-progress'],
    ['the run was opened, but nothing was applied', OLD, OPEN, 'not-started'],
    ['the run is done', NEW, DONE, 'done'],
    ['the run is done and a node is down', NEW_NODE_DOWN, DONE, 'done'],
    ['the run is done, but somebody rolled back', OLD, DONE, 'not-started'],
    ['the run is done, but a rollback is under way', MIXED, DONE, 'in-progress'],
    ['another plan brought the release: overlays changed', NEW, OTHER_DONE, 'not-started'],
    ['hooks were skipped: another plan is done, all Pods carry the release, one is held', NEW_NODE_DOWN, OTHER_DONE, 'in-progress'],
    ['another plan to the release is unfinished', MIXED, OTHER_OPEN, 'in-progress'],
    ['another plan to the release is unfinished, though all runs it', NEW, OTHER_OPEN, 'in-progress'],
  ] as const)('%s', async (_what, objects, record, expected) => {
    expect((await due(objects, record)).due).toBe(expected);
  });

  test('a Git revert in mid-upgrade takes the unfinished run over, however far it came', async () => {
    const back: Target = { plan: 'cccccccc', from: 'v3.10.0', to: 'v3.13.4' };
    for (const objects of [OLD, MIXED, NEW]) {
      expect(await due(objects, OPEN, back)).toMatchObject({ due: 'in-progress', supersedes: { plan: TARGET.plan } });
    }
  });

  test('only a cluster wholly on the target with no unfinished run is done', async () => {
    const versions = fc.constantFrom('v3.13.4', 'v3.32.1');
    await fc.assert(
      fc.asyncProperty(versions, fc.array(versions, { minLength: 1, maxLength: 3 }), fc.constantFrom(NONE, OPEN, FROZEN, DONE, OTHER_OPEN, OTHER_DONE), async (template, running, record) => {
        const pods = running.map((version, index) => pod(`pod-${index}`, { version }));
        const found = await due([daemonSet({ version: template, desired: running.length }), ...pods, clusterInformation(template)], record);
        const onTarget = [template, ...running].every((version) => version === TARGET.to);
        expect(found.due === 'done').toBe(onTarget && (record === NONE || record === DONE));
      }),
    );
  });
});

describe('what is there', () => {
  test('nothing of Calico: absent; CRDs alone do not count', async () => {
    expect((await due([])).due).toBe('absent');
    const crdsOnly = { apiVersion: 'crd.projectcalico.org/v1', kind: 'IPPool', metadata: { name: 'p' } };
    expect((await due([crdsOnly])).due).toBe('absent');
  });

  test.each([
    ['only kube-controllers', [deployment('calico-kube-controllers')], ['Deployment kube-system/calico-kube-controllers']],
    ['only ClusterInformation', [clusterInformation('v3.20.0')], ['ClusterInformation default (v3.20.0)']],
    ['the DaemonSet of another variant', [{ ...daemonSet(), metadata: { name: 'canal', namespace: 'kube-system' } }], ['DaemonSet kube-system/canal']],
  ])('partly there: %s', async (_what, objects, present) => {
    expect(await due(objects)).toMatchObject({ due: 'partial', present, missing: ['DaemonSet kube-system/calico-node'] });
  });

  test('an old DaemonSet without a Calico API is partly there: its data is elsewhere or gone', async () => {
    expect(await due([daemonSet(), pod('a'), pod('b')])).toMatchObject({ due: 'partial', missing: ['Calico API (crd.projectcalico.org or projectcalico.org)'] });
  });

  test('a DaemonSet that is being installed need not have a ClusterInformation yet', async () => {
    expect((await due([daemonSet({ version: 'v3.32.1', available: 0 })])).due).toBe('in-progress');
  });

  test('oldest is the lowest version of a Pod; without Pods, of the template', async () => {
    expect(await due(MIXED)).toMatchObject({ oldest: 'v3.13.4', clusterVersion: 'v3.32.1' });
    expect(await due([daemonSet({ version: 'v3.9.1' }), clusterInformation('v3.9.1')])).toMatchObject({ oldest: 'v3.9.1' });
  });

  test('Pods of other owners under the same label do not count', async () => {
    expect((await due([...NEW, pod('stray', { version: 'v3.13.4', owner: 'another' })])).due).toBe('done');
  });

  test('ClusterInformation is read from the native API when the storage group is not served', async () => {
    const objects = [...OLD.filter(({ kind }) => kind !== 'ClusterInformation'), clusterInformation('v3.13.4', 'projectcalico.org/v3')];
    expect(await due(objects)).toMatchObject({ due: 'not-started', clusterVersion: 'v3.13.4' });
  });
});
