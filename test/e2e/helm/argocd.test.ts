import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { hasTestdata, part, testdataNote } from '../../cluster/paths.ts';
import { run } from '../../cluster/run.ts';
import { resourceVersions } from '../calico-upgrade/resource-versions.ts';
import { APPLICATION, cutOffNodes, hookwave, labelledEndpoints, nodeImages, record, startWalk, temporaryPolicy, type Walk } from '../calico-upgrade/walk.ts';
import { jobs, readiness } from './release.ts';

const NEW = 'quay.io/calico/node:v3.32.1';
const STUCK = { overlays: { env: { STANDIN_NEVER_READY: 'true' } }, deadlines: { stall: '10s' } };

/** What the chart for Helm does under Argo CD's mapping of Helm's hooks: the same end where the rollout ends, and no freeze where it does not. */
describe.skipIf(!hasTestdata)(`the chart for Helm as the source of an Argo CD Application${testdataNote}`, () => {
  let walk: Walk;
  dumpLogsOnFailure(() => walk?.cluster);
  beforeAll(async () => {
    walk = await startWalk({ sequencer: 'helm' });
    await walk.commitUpgrade();
    // As docs/how-to/helm.md says: Argo CD would delete the chart's namespace when a sync fails.
    await walk.cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'hookwave-calico', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } });
    await walk.createApplication();
    const parameters = [{ name: 'namespace.create', value: 'false' }];
    await walk.cluster.kubectl(['-n', 'argocd', 'patch', 'applications.argoproj.io', APPLICATION, '--type=merge', '-p', JSON.stringify({ spec: { source: { helm: { parameters } } } })]);
  });
  afterAll(() => walk?.stop());

  it('protects, rolls out, verifies and ends in the state that Helm leaves', async () => {
    const { cluster } = walk;
    const operation = await walk.sync();
    await cluster.argocd.refresh(APPLICATION);

    expect(operation.phase, operation.message).toBe('Succeeded');
    await cluster.argocd.waitForSyncedAndHealthy(APPLICATION, { seconds: 120 });
    expect(await nodeImages(cluster)).toEqual([NEW, NEW]);
    expect(await readiness(cluster)).toEqual([true, true]);
    expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);
    expect(await temporaryPolicy(cluster)).toBeDefined();
    expect((await record(cluster)).run).toMatchObject({ state: 'done', from: 'v3.13.4', to: 'v3.32.1', startVersion: 'v3.13.4' });
    expect((await jobs(cluster)).toSorted()).toEqual(['cleanup', 'preflight', 'prepare', 'rollout', 'verify'].map((id) => `hookwave-calico-${id} Complete`));
    expect(await cluster.get('configmap', 'hookwave-calico-plan', 'hookwave-calico')).toBeDefined();
  });

  it('changes nothing in a second sync', async () => {
    const { cluster } = walk;
    const before = await resourceVersions(cluster);
    const operation = await walk.sync();

    expect(operation.phase, operation.message).toBe('Succeeded');
    expect(await resourceVersions(cluster)).toEqual(before);
    expect(Object.keys(before).length).toBeGreaterThan(30);
  });

  it('does not see a rollout that is stuck, as lint says: the watch never starts, the sync runs on, and status diagnoses live', async () => {
    const { cluster } = walk;
    await walk.commitUpgrade(STUCK);
    const before = (await cluster.get('job', 'hookwave-calico-rollout', 'hookwave-calico')).metadata.uid;
    await cluster.argocd.refresh(APPLICATION);
    await cluster.argocd.sync(APPLICATION);
    await cluster.waitFor('the first new Pod to be stuck', async () => (await walk.hookwave('status', 'calico')).includes('NotReady'), { seconds: 120 });
    const { operation } = await cluster.argocd.status(APPLICATION);

    expect(await lint()).toMatch(/hook-recreates-state error Namespace hookwave-calico: deleted when a sync fails/);
    expect(await lint()).toMatch(/watch-after-sync warning Job hookwave-calico\/hookwave-calico-rollout: is a PostSync hook to Argo CD: it starts when DaemonSet kube-system\/calico-node is healthy, so it never sees it stuck/);
    expect(operation).toMatchObject({ phase: 'Running', message: expect.stringContaining('DaemonSet/calico-node') });
    expect((await cluster.get('job', 'hookwave-calico-rollout', 'hookwave-calico')).metadata.uid).toBe(before);
    expect((await cluster.get('daemonset', 'calico-node', 'kube-system')).spec.updateStrategy.type).toBe('RollingUpdate');
    expect((await readiness(cluster)).filter((ready) => !ready)).toHaveLength(1);
    expect(await cutOffNodes(cluster)).toEqual([]);
    expect((await record(cluster)).run).toMatchObject({ state: 'running' });
  });

  it('goes through with a fixed commit once the sync has been terminated', async () => {
    const { cluster } = walk;
    await cluster.argocd.terminate(APPLICATION);
    await walk.commitUpgrade();
    const operation = await walk.sync();

    expect(operation.phase, operation.message).toBe('Succeeded');
    expect(await readiness(cluster)).toEqual([true, true]);
    expect((await record(cluster)).run.state).toBe('done');
  });

  const lint = async (): Promise<string> => {
    const rendered = await run(part('helm3'), ['template', APPLICATION, join(walk.cluster.dir, 'upgrades/deploy/calico'), '--namespace', 'kube-system']);
    return run('sh', ['-c', '"$0" "$@" || true', process.execPath, hookwave, 'lint', '--engine', 'argo', '-'], { stdin: rendered });
  };
});
