import { expect, it } from 'vitest';

import type { ArgoCluster } from './argo-cluster.ts';
import { configMap, job, tree } from './objects.ts';

export function failedVerifyWave(argo: ArgoCluster): void {
  it.each([
    ['a tracked Job', 'tracked', {}],
    ['a Sync hook', 'hook', { hook: 'Sync', deletePolicy: 'BeforeHookCreation' }],
  ] as const)('after %s failed in a wave, nothing of later waves and phases is applied', async (_what, name, sequencing) => {
    const { cluster } = argo;
    await argo.application(
      name,
      tree(
        configMap(`${name}-before`, { wave: 0 }),
        job({ ...sequencing, name: `${name}-verify`, wave: 10, args: ['exit', '30'] }),
        configMap(`${name}-beside`, { wave: 10 }),
        configMap(`${name}-after`, { wave: 20 }),
        job({ name: `${name}-cleanup`, hook: 'PostSync', deletePolicy: 'BeforeHookCreation', args: ['print', 'cleanup'] }),
      ),
    );

    await cluster.argocd.sync(name);
    const result = await cluster.argocd.waitForOperation(name);

    expect(result.phase, result.message).toBe('Failed');
    const exists = async (kind: string, suffix: string) => (await cluster.get(kind, `${name}-${suffix}`, 'default')) !== undefined;
    expect(await exists('configmap', 'before')).toBe(true);
    expect(await exists('configmap', 'beside')).toBe(true);
    expect(await exists('configmap', 'after')).toBe(false);
    expect(await exists('job', 'cleanup')).toBe(false);
  });
}
