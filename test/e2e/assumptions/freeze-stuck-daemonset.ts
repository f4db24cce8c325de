import { expect, it } from 'vitest';

import type { ArgoCluster } from './argo-cluster.ts';
import { configMap, identity, job, stepperRef, tree } from './objects.ts';

export function freezeStuckDaemonset(argo: ArgoCluster): void {
  it('a failing watcher that freezes the stuck DaemonSet ends the sync; later waves are not applied', async () => {
    const { cluster } = argo;
    await argo.application('frozen', stuck('frozen', freezing('frozen'), rolling));

    await cluster.argocd.sync('frozen');
    const result = await cluster.argocd.waitForOperation('frozen', { seconds: 150 });

    expect(result.phase, result.message).toBe('Failed');
    expect(await cluster.get('configmap', 'frozen-later', 'default')).toBeUndefined();
    expect((await cluster.get('job', 'frozen-rescue', 'default')).status.succeeded).toBe(1);
    expect(await strategyOf(argo, 'frozen')).toBe('OnDelete');
  });

  it('the next sync gives the frozen DaemonSet the strategy of Git back', async () => {
    const { cluster } = argo;

    await cluster.argocd.sync('frozen');
    await cluster.waitFor('the strategy of Git', async () => (await strategyOf(argo, 'frozen')) === 'RollingUpdate', { everyMs: 100, seconds: 30 });
    const result = await cluster.argocd.waitForOperation('frozen', { seconds: 150 });

    expect(result.phase, result.message).toBe('Failed');
    expect(await strategyOf(argo, 'frozen')).toBe('OnDelete');
  });

  it('a strategy that Git does not name stays frozen', async () => {
    const { cluster } = argo;
    const repo = await argo.application('implicit', stuck('implicit', freezing('implicit')));
    await cluster.argocd.sync('implicit');
    await cluster.argocd.waitForOperation('implicit', { seconds: 150 });

    await repo.commit(stuck('implicit', ['exit', '0']), 'a watcher that finds nothing wrong');
    await cluster.argocd.refresh('implicit');
    await cluster.argocd.sync('implicit');
    const result = await cluster.argocd.waitForOperation('implicit', { seconds: 150 });

    // The dangerous part: nobody rolls out anything, and the sync is green.
    expect(result.phase, result.message).toBe('Succeeded');
    expect(await strategyOf(argo, 'implicit')).toBe('OnDelete');
  });
}

export function selfHealOfFreeze(argo: ArgoCluster): void {
  it('self-heal leaves the freeze of a failed automatic sync alone', async () => {
    const { cluster } = argo;
    const automated = { prune: true, selfHeal: true };
    await argo.application('healed', stuck('healed', freezing('healed'), rolling), { automated, retry: { limit: 0 } });

    const result = await cluster.argocd.waitForOperation('healed', { seconds: 150 });
    expect(result.phase, result.message).toBe('Failed');
    // Self-heal acts within seconds, and the application is looked at every 20 s.
    const healed = cluster.waitFor('a self-heal', async () => (await strategyOf(argo, 'healed')) !== 'OnDelete', { seconds: 30 });
    await expect(healed).rejects.toThrow('in vain');

    expect((await cluster.argocd.status('healed')).sync).toBe('OutOfSync');
  });
}

export function failingWatcherAlone(argo: ArgoCluster): void {
  it('a failing watcher alone leaves the sync running', async () => {
    const { cluster } = argo;
    await argo.application('hanging', stuck('hanging', ['exit', '30']));

    await cluster.argocd.sync('hanging');
    await cluster.waitFor('the watcher to fail', async () => isFailed(await cluster.get('job', 'hanging-watch', 'default')));
    // On a machine of its own the frozen sync above needs less than 20 s in all; this one has its failed hook now and 30 s more.
    await expect(cluster.argocd.waitForOperation('hanging', { seconds: 30 })).rejects.toThrow('in vain');
    const { operation } = await cluster.argocd.status('hanging');

    expect(operation?.phase).toBe('Running');
    expect(operation?.message).toContain('DaemonSet');
    expect((await cluster.argocd.terminate('hanging')).phase).toBe('Failed');
  });
}

const frozen = JSON.stringify({ spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } } });

/** A DaemonSet that never gets ready, a watching Sync hook beside it, a ConfigMap in a later wave, a SyncFail hook. */
function stuck(name: string, watcherArgs: readonly string[], updateStrategy?: object): Record<string, string> {
  const rules = [{ apiGroups: ['apps'], resources: ['daemonsets'], verbs: ['get', 'patch'] }];
  return tree(
    ...identity({ name: `${name}-watch`, wave: -1, rules }),
    neverReady(name, updateStrategy),
    job({ name: `${name}-watch`, hook: 'Sync', deletePolicy: 'BeforeHookCreation', serviceAccount: `${name}-watch`, args: watcherArgs }),
    configMap(`${name}-later`, { wave: 5 }),
    job({ name: `${name}-rescue`, hook: 'SyncFail', deletePolicy: 'BeforeHookCreation', args: ['print', 'rescue'] }),
  );
}

function neverReady(name: string, updateStrategy: object | undefined): object {
  const labels = { app: name };
  const probe = { exec: { command: ['/stepper', 'exit', '1'] }, periodSeconds: 2 };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: 'default' },
    spec: {
      selector: { matchLabels: labels },
      ...(updateStrategy && { updateStrategy }),
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [{ name: 'main', image: stepperRef, args: ['sleep', '3600'], readinessProbe: probe }],
        },
      },
    },
  };
}

const daemonSet = (name: string) => `/apis/apps/v1/namespaces/default/daemonsets/${name}`;
const strategyOf = async ({ cluster }: ArgoCluster, name: string) => (await cluster.get('daemonset', name, 'default')).spec.updateStrategy.type;
const isFailed = (found: { status?: { failed?: number } }) => (found?.status?.failed ?? 0) > 0;

/** A watcher that freezes the DaemonSet and then fails. */
const freezing = (name: string) => ['sleep', '3', '--', 'merge', daemonSet(name), frozen, '--', 'exit', '30'];
const rolling = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } };
