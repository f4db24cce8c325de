/** A cluster of v3.13 before its upgrade, and what the tests of the host endpoint steps share. */
import type { KubeObject } from '../../../../src/kube/cluster.ts';
import type { RunRecord } from '../../../../src/plan/record.ts';
import { TEMPORARY_SPEC } from '../../../../src/calico/temporary-policy.ts';
import type { FakeCluster } from '../../../fake-cluster.ts';
import { AUTOMATIC, storedEndpoint, storedPolicy, type StoredEndpoint } from '../../calico/stored-objects.ts';

export const AT = { from: 'v3.13.4', to: 'v3.32.1', namespace: 'kube-system', daemonset: 'calico-node', container: 'calico-node' };
export const PLAN = 'aaaaaaaa';
export const LABEL = 'host-endpoint-upgrade';

/** Of the walk: two in need, one of them with labels of its own; one named, one automatic, one labelled before. */
export const ENDPOINTS: readonly StoredEndpoint[] = [
  storedEndpoint('node-1-all', { node: 'node-1' }, { labels: { team: 'edge' }, annotations: { note: 'kept' } }),
  storedEndpoint('node-2-all', { node: 'node-2' }),
  storedEndpoint('node-2-auto-hep', { node: 'node-2', profiles: ['projectcalico-default-allow'] }, AUTOMATIC),
  storedEndpoint('node-2-eth0', { node: 'node-2', interfaceName: 'eth0' }),
  storedEndpoint('node-3-all', { node: 'node-3' }, { labels: { [LABEL]: '' } }),
];

export function labelled(cluster: FakeCluster): readonly string[] {
  return cluster.all('HostEndpoint').filter(({ metadata }) => metadata.labels?.[LABEL] !== undefined).map(({ metadata }) => metadata.name);
}

export function policyNames(cluster: FakeCluster): readonly string[] {
  return cluster.all('GlobalNetworkPolicy').map(({ metadata }) => metadata.name);
}

export const foreignPolicy = storedPolicy('default.allow-all-upgrade', { ...TEMPORARY_SPEC, selector: 'all()' });

export const RUNNING: RunRecord = {
  schema: 1,
  upgrade: 'calico',
  run: { plan: PLAN, from: AT.from, to: AT.to, state: 'running', startedAt: '2026-01-01T00:00:00.000Z', startVersion: 'v3.13.4' },
  history: [],
  steps: {},
  takeOvers: 0,
};

export const DONE: RunRecord = { ...RUNNING, run: { ...RUNNING.run!, state: 'done', finishedAt: '2026-01-01T01:00:00.000Z' } };

/** The objects of Calico and of hookwave without what the API server counts. */
export function contents(cluster: FakeCluster): readonly object[] {
  return ['HostEndpoint', 'GlobalNetworkPolicy', 'ConfigMap'].flatMap((kind) => cluster.all(kind).map(withoutCounters));
}

function withoutCounters(object: KubeObject): object {
  const { resourceVersion: _v, uid: _u, generation: _g, creationTimestamp: _c, ...metadata } = object.metadata;
  return { ...object, metadata };
}

class Killed extends Error {}

/**
 * Runs `work` again and again, killed before (`lost: false`) or after (`lost: true`) its n-th write for n = 1, 2, 3..., each time on a new cluster
 * and followed by an undisturbed run; `check` sees the cluster at the kill and at the end.
 * @returns how many kills there were
 */
export async function killAtEachWrite(
  lost: boolean,
  start: () => FakeCluster,
  work: (cluster: FakeCluster) => Promise<unknown>,
  check: { readonly atKill?: (cluster: FakeCluster) => void; readonly atEnd: (cluster: FakeCluster) => void },
): Promise<number> {
  for (let n = 1; ; n++) {
    const cluster = start();
    let writes = 0;
    const kill = (): void => {
      if (++writes >= n) throw new Killed();
    };
    if (lost) cluster.afterWrite = kill;
    else cluster.onWrite = kill;
    const wasKilled = await work(cluster).then(() => false, (error: unknown) => {
      if (error instanceof Killed) return true;
      throw error;
    });
    cluster.afterWrite = cluster.onWrite = undefined;
    if (!wasKilled) return n - 1;
    check.atKill?.(cluster);
    await work(cluster);
    check.atEnd(cluster);
  }
}
