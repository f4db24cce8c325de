import { expect, it } from 'vitest';

import type { ArgoCluster } from './argo-cluster.ts';
import { configMap, identity, job, tree } from './objects.ts';

export function preSyncIdentity(argo: ArgoCluster): void {
  const gate = '/api/v1/namespaces/default/configmaps/identity-gate';
  const files = tree(
    ...identity({
      name: 'check',
      hook: 'PreSync',
      deletePolicy: 'HookSucceeded',
      wave: -1,
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
    }),
    job({ name: 'check', hook: 'PreSync', deletePolicy: 'BeforeHookCreation', serviceAccount: 'check', args: ['require', gate] }),
    configMap('identity-tracked'),
  );

  const uidOf = async (kind: string) => (await argo.cluster.get(kind, 'check', 'default'))?.metadata.uid as string | undefined;
  const identityUids = () => Promise.all(['serviceaccount', 'role', 'rolebinding'].map(uidOf));

  it('hooks that are the identity of a PreSync Job survive its automatic retries, and go after success', async () => {
    const { cluster } = argo;
    await argo.application('identity', files);

    await cluster.argocd.sync('identity', { retry: { limit: 10, backoff: '2s' } });
    const first = await cluster.waitFor('the first Job', () => uidOf('job'));
    const before = await identityUids();
    const second = await cluster.waitFor('the Job of a retry', async () => {
      const uid = await uidOf('job');
      return uid !== first && uid;
    });
    const during = await identityUids();
    await cluster.apply(configMap('identity-gate'));
    const result = await cluster.argocd.waitForOperation('identity');

    expect(before).not.toContain(undefined);
    expect(during).toEqual(before);
    expect(second).not.toBe(first);
    expect(result.phase, result.message).toBe('Succeeded');
    expect(result.retryCount).toBeGreaterThan(0);
    expect(await identityUids()).toEqual([undefined, undefined, undefined]);
    expect(await cluster.get('configmap', 'identity-tracked', 'default')).toBeDefined();
  });

  it('a later sync makes the identity anew, uses it and removes it', async () => {
    const { cluster } = argo;
    const before = await uidOf('job');

    await cluster.argocd.sync('identity');
    const result = await cluster.argocd.waitForOperation('identity');

    expect(result.phase, result.message).toBe('Succeeded');
    expect(await uidOf('job')).not.toBe(before);
    expect(await identityUids()).toEqual([undefined, undefined, undefined]);
  });

  it('after a failed sync without retry the identity stays, and the next sync goes on with the same one', async () => {
    const { cluster } = argo;
    await cluster.kubectl(['delete', 'configmap', 'identity-gate']);

    await cluster.argocd.sync('identity');
    const failed = await cluster.argocd.waitForOperation('identity');
    const kept = await identityUids();
    await cluster.apply(configMap('identity-gate'));
    await cluster.argocd.sync('identity');
    const result = await cluster.argocd.waitForOperation('identity');

    expect(failed.phase, failed.message).toBe('Failed');
    expect(kept).not.toContain(undefined);
    expect(result.phase, result.message).toBe('Succeeded');
    expect(await identityUids()).toEqual([undefined, undefined, undefined]);
  });
}
