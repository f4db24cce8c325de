import { expect, it } from 'vitest';

import { useArgoCluster } from './argo-cluster.ts';
import { configMap, identity, job, tree } from './objects.ts';

const argo = useArgoCluster();
const once = 'verify-0a1b2c3d';
const gate = '/api/v1/namespaces/default/configmaps/gate';
const reader = identity({ name: 'verify', wave: 9, rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }] });
const verify = job({ name: once, wave: 10, serviceAccount: 'verify', args: ['require', gate] });
const janitor = [
  ...identity({
    name: 'janitor',
    hook: 'PreSync',
    deletePolicy: 'HookSucceeded',
    wave: -1,
    rules: [{ apiGroups: ['batch'], resources: ['jobs'], verbs: ['delete'] }],
  }),
  job({
    name: 'janitor',
    hook: 'PreSync',
    deletePolicy: 'BeforeHookCreation',
    serviceAccount: 'janitor',
    args: ['delete', `/apis/batch/v1/namespaces/default/jobs/${once}`],
  }),
];
const uidOfOnce = async () => (await argo.cluster.get('job', once, 'default')).metadata.uid;

it('a failed tracked Job fails the next sync at once, although its cause is gone', async () => {
  const { cluster } = argo;
  await argo.application('once', tree(configMap('tracked'), ...reader, verify));
  await cluster.argocd.sync('once');
  const first = await cluster.argocd.waitForOperation('once');
  const uid = await uidOfOnce();
  await cluster.apply(configMap('gate'));

  await cluster.argocd.sync('once');
  const second = await cluster.argocd.waitForOperation('once');

  expect(first.phase).toBe('Failed');
  expect(second.phase).toBe('Failed');
  expect(await uidOfOnce()).toBe(uid);
});

it('a PreSync hook that deletes the failed Job lets the sync make it anew and succeed', async () => {
  const { cluster } = argo;
  const before = await uidOfOnce();
  await argo.application('cleaned', tree(configMap('tracked'), ...reader, verify, ...janitor));

  await cluster.argocd.sync('cleaned');
  const result = await cluster.argocd.waitForOperation('cleaned');

  expect(result.phase).toBe('Succeeded');
  expect(await uidOfOnce()).not.toBe(before);
  expect((await cluster.get('job', once, 'default')).status.succeeded).toBe(1);
});
