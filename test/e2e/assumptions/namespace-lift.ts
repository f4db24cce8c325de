import { expect, it } from 'vitest';

import type { Json } from '../../cluster/cluster.ts';
import type { ArgoCluster } from './argo-cluster.ts';
import { configMap, identity, job, tree } from './objects.ts';

export function namespaceLift(argo: ArgoCluster): void {
  it('a tracked Namespace that PreSync hooks use is lifted before the first of them', async () => {
    const { cluster } = argo;
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'hooks', labels: { owner: 'test' } } };
    const hook = { namespace: 'hooks', hook: 'PreSync' } as const;
    await argo.application(
      'lift',
      tree(
        configMap('lift-tracked'),
        namespace,
        ...identity({ ...hook, name: 'check', deletePolicy: 'HookSucceeded', wave: -5, rules: [] }),
        job({ ...hook, name: 'check', deletePolicy: 'BeforeHookCreation', serviceAccount: 'check', args: ['exit', '10'] }),
      ),
    );

    await cluster.argocd.sync('lift');
    const result = await cluster.argocd.waitForOperation('lift');

    const entry = (kind: string): Json => result.resources.find((resource) => resource.kind === kind);
    expect(result.phase, result.message).toBe('Failed');
    expect(entry('Namespace')).toMatchObject({ syncPhase: 'PreSync', status: 'Synced' });
    expect(entry('Job')).toMatchObject({ syncPhase: 'PreSync', hookPhase: 'Failed' });
    const created = async (kind: string, name: string, where?: string) => Date.parse((await cluster.get(kind, name, where)).metadata.creationTimestamp);
    expect(await created('namespace', 'hooks')).toBeLessThanOrEqual(await created('serviceaccount', 'check', 'hooks'));
    // The failing hook came before everything else of the Sync phase.
    expect(await cluster.get('configmap', 'lift-tracked', 'default')).toBeUndefined();
  });
}
