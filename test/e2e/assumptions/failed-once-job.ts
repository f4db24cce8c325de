import { expect, it } from 'vitest';

import type { ArgoCluster } from './argo-cluster.ts';
import { configMap, identity, job, tree } from './objects.ts';

export function failedOnceJob(argo: ArgoCluster): void {
  const once = 'verify-0a1b2c3d';
  const gate = '/api/v1/namespaces/default/configmaps/once-gate';
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
  /** A wave that holds no hook and has nothing behind it is not waited for: something has to follow the Job. */
  const last = job({ name: 'cleanup', hook: 'PostSync', deletePolicy: 'BeforeHookCreation', args: ['print', 'cleanup'] });
  const uidOfOnce = async () => (await argo.cluster.get('job', once, 'default')).metadata.uid;

  it('a tracked Job in the last wave of all is not waited for: the sync succeeds, the Application is Degraded later', async () => {
    const { cluster } = argo;
    await argo.application('unwatched', tree(configMap('once-tracked'), job({ name: 'unwatched', wave: 10, args: ['exit', '30'] })));

    await cluster.argocd.sync('unwatched');
    const result = await cluster.argocd.waitForOperation('unwatched');

    expect(result.phase, result.message).toBe('Succeeded');
    await cluster.waitFor('Degraded', async () => (await cluster.argocd.status('unwatched')).health === 'Degraded');
  });

  it('a failed tracked Job fails the next sync as soon as it gets there, although its cause is gone', async () => {
    const { cluster } = argo;
    await argo.application('once', tree(configMap('once-tracked'), ...reader, verify, last));
    await cluster.argocd.sync('once');
    const first = await cluster.argocd.waitForOperation('once');
    const uid = await uidOfOnce();
    await cluster.apply(configMap('once-gate'));

    await cluster.argocd.sync('once');
    const second = await cluster.argocd.waitForOperation('once');

    expect(first.phase, first.message).toBe('Failed');
    expect(second.phase, second.message).toBe('Failed');
    expect(await uidOfOnce()).toBe(uid);
    expect(await cluster.get('job', 'cleanup', 'default')).toBeUndefined();
  });

  it('a PreSync hook that deletes the failed Job lets the sync make it anew and succeed', async () => {
    const { cluster } = argo;
    const before = await uidOfOnce();
    await argo.application('cleaned', tree(configMap('once-tracked'), ...reader, verify, last, ...janitor));

    await cluster.argocd.sync('cleaned');
    const result = await cluster.argocd.waitForOperation('cleaned');

    expect(result.phase, result.message).toBe('Succeeded');
    expect(await uidOfOnce()).not.toBe(before);
    expect((await cluster.get('job', once, 'default')).status.succeeded).toBe(1);
  });
}
