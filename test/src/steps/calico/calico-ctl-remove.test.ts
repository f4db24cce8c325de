import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/kube/cluster.ts';
import { calicoCtlRemove } from '../../../../src/steps/calico/calico-ctl-remove.ts';
import { runCalicoCtlRemove } from '../../../../src/steps/calico/calico-ctl-remove.run.ts';
import { fakeCluster } from '../../../fake-cluster.ts';
import { fakeContext, turn } from '../../../fake-context.ts';

const PARAMS = calicoCtlRemove.params.parse({ to: 'v3.32.1' });

function calicoctl(version: string, metadata: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'calicoctl', namespace: 'kube-system', ...metadata }, spec: { containers: [{ name: 'calicoctl', image: `calico/ctl:${version}` }] } } as KubeObject;
}

test('deletes the old helper, under the lock, and only that', async () => {
  const other = { ...calicoctl('v3.13.4'), metadata: { name: 'other', namespace: 'kube-system' } };
  const cluster = fakeCluster([calicoctl('v3.13.4'), other]);
  const context = fakeContext(cluster);
  expect(await runCalicoCtlRemove(PARAMS, context)).toEqual({ outcome: 'done', message: 'deleted Pod kube-system/calicoctl, which ran calico/ctl:v3.13.4' });
  expect(cluster.writes.map(({ verb, name }) => [verb, name])).toEqual([['delete', 'kube-system/calicoctl']]);
  expect(context.lock.held).toBe(1);
  expect(cluster.all('Pod').map(({ metadata }) => metadata.name)).toEqual(['other']);
});

test.each([
  ['there is none', [], 'already'],
  ['it runs the target', [calicoctl('v3.32.1')], 'already'],
  ['a controller owns it', [calicoctl('v3.13.4', { ownerReferences: [{ kind: 'ReplicaSet', name: 'calicoctl-1', uid: 'u' }] })], 'skipped'],
] as const)('leaves things alone when %s', async (_what, objects, outcome) => {
  const cluster = fakeCluster(objects);
  const context = fakeContext(cluster);
  expect((await runCalicoCtlRemove(PARAMS, context)).outcome).toBe(outcome);
  expect(cluster.writes).toEqual([]);
  expect(context.lock.held).toBe(0);
});

test('waits until a dying helper is gone, also after a kill, and deletes it once', async () => {
  const cluster = fakeCluster([calicoctl('v3.13.4', { deletionTimestamp: '2026-01-01T00:00:00Z' })]);
  let ended = false;
  const run = runCalicoCtlRemove(PARAMS, fakeContext(cluster)).then((result) => {
    ended = true;
    return result;
  });
  for (let i = 0; i < 10; i++) await turn();
  expect(ended).toBe(false);
  cluster.remove('Pod', 'calicoctl', 'kube-system');
  expect((await run).outcome).toBe('done');
  expect(cluster.writes).toEqual([]);
});

test('at the end of its time it says what it has waited for', async () => {
  const stop = new AbortController();
  const cluster = fakeCluster([calicoctl('v3.13.4', { deletionTimestamp: '2026-01-01T00:00:00Z' })]);
  const run = runCalicoCtlRemove(PARAMS, fakeContext(cluster, { signal: stop.signal }));
  await turn();
  stop.abort(new Error('the deadline'));
  expect(await run).toEqual({ outcome: 'failed', exitCode: 20, message: 'Pod kube-system/calicoctl is still terminating', next: 'wait until it is gone, or delete it by force' });
});

test('may delete nothing but this Pod', () => {
  const rules = calicoCtlRemove.access(PARAMS, { upgrade: 'calico', namespace: 'hookwave-calico', plan: 'aaaaaaaa' });
  expect(rules.filter(({ resources, verbs }) => resources.includes('pods') && verbs.includes('delete'))).toEqual([
    { apiGroup: '', resources: ['pods'], verbs: ['get', 'list', 'watch', 'delete'], resourceNames: ['calicoctl'], namespace: 'kube-system' },
  ]);
});
