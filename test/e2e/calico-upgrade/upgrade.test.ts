import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePods } from '../../cluster/calico.ts';
import type { Json } from '../../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { hasTestdata, testdataNote } from '../../cluster/paths.ts';
import { hookJobs, secondsWithoutWork } from './hook-jobs.ts';
import { resourceVersions } from './resource-versions.ts';
import { allowingPolicy, APPLICATION, labelledEndpoints, nodeImages, record, startWalk, temporaryPolicy, type Walk } from './walk.ts';

const UPGRADED = ['quay.io/calico/node:v3.32.1', 'quay.io/calico/node:v3.32.1'];

describe.skipIf(!hasTestdata)(`a Calico manifest upgrade from v3.13.4 to v3.32.1${testdataNote}`, () => {
  let walk: Walk;
  dumpLogsOnFailure(() => walk?.cluster);
  beforeAll(async () => {
    // As Argo CD is shipped; the other files do without its pauses.
    walk = await startWalk({ waveDelaySeconds: 2 });
    await walk.commitUpgrade();
    await walk.createApplication();
  });
  afterAll(() => walk?.stop());

  it('protects, rolls out, verifies, and ends Synced and Healthy', async () => {
    const { cluster } = walk;
    const operation = await walk.sync();
    await cluster.argocd.refresh(APPLICATION);

    expect(operation.message).toContain('successfully synced');
    expect(operation.phase, operation.message).toBe('Succeeded');
    await cluster.argocd.waitForSyncedAndHealthy(APPLICATION, { seconds: 120 });
    expect(await nodeImages(cluster)).toEqual(UPGRADED);
    expect((await record(cluster)).run).toMatchObject({ state: 'done', from: 'v3.13.4', to: 'v3.32.1', startVersion: 'v3.13.4' });
  });

  it('leaves nothing of the old template behind, and puts the guard first', async () => {
    const { spec } = (await walk.cluster.get('daemonset', 'calico-node', 'kube-system')).spec.template;
    expect(spec.initContainers.map(({ name }: Json) => name)).toEqual(['hookwave-guard', 'upgrade-ipam', 'install-cni', 'ebpf-bootstrap']);
  });

  it('labels exactly the one endpoint that nothing protects, and keeps its own labels', async () => {
    const { cluster } = walk;
    expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);
    expect((await cluster.get('hostendpoints.crd.projectcalico.org', 'node-1-all')).metadata.labels).toEqual({ team: 'edge', 'host-endpoint-upgrade': '' });
  });

  it('has the policy there before the first new calico-node starts', async () => {
    const policy = await temporaryPolicy(walk.cluster);
    const starts = (await nodePods(walk.cluster)).map((pod: Json) => Date.parse(pod.metadata.creationTimestamp));
    expect(policy.spec).toMatchObject({ selector: 'has(host-endpoint-upgrade)', types: ['Ingress', 'Egress'] });
    expect(policy.spec.ingress.map(({ action }: Json) => action)).toEqual(['Log', 'Allow']);
    expect(policy.spec.egress.map(({ action }: Json) => action)).toEqual(['Log', 'Allow']);
    expect(Date.parse(policy.metadata.creationTimestamp)).toBeLessThan(Math.min(...starts));
  });

  it('waits with the cleanup for an approval: the sync ends well, policy and label stay, and status says why', async () => {
    const { cluster } = walk;
    const cleanup = (await hookJobs(cluster)).find(({ name }) => name === 'cleanup');
    expect(cleanup).toMatchObject({ isComplete: true, words: [expect.stringMatching(/^blocked: .*allow-all-upgrade/)] });
    expect(await temporaryPolicy(cluster)).toBeDefined();
    expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);
    expect(await walk.hookwave('status', 'calico')).toContain('hookwave approve calico');
  });

  it('changes nothing in a second sync: no object of Calico, of the record or of anybody else', async () => {
    const { cluster } = walk;
    const before = await resourceVersions(cluster);
    const operation = await walk.sync();
    const after = await resourceVersions(cluster);

    expect(operation.phase, operation.message).toBe('Succeeded');
    expect(after).toEqual(before);
    expect(Object.keys(before)).toEqual(expect.arrayContaining([...walk.tracked(), 'ConfigMap hookwave-calico/hookwave-calico', 'HostEndpoint.crd.projectcalico.org /node-1-all']));
    expect(walk.tracked()).toEqual(expect.arrayContaining(['DaemonSet.apps kube-system/calico-node', 'ConfigMap hookwave-calico/hookwave-calico-plan']));
  });

  it('has run every hook of the second sync, each in seconds and with nothing to do', async () => {
    const { operation } = await walk.cluster.argocd.status(APPLICATION);
    const jobs = (await hookJobs(walk.cluster)).filter(({ name }) => name !== 'rescue');
    const outcomes = jobs.map(({ name, words }) => [name, ...new Set(words.map((text) => text.split(':')[0]))]);

    expect(operation?.resources.filter(({ kind, hookType }) => kind === 'Job' && hookType).map(({ hookPhase }) => hookPhase)).toEqual(jobs.map(() => 'Succeeded'));
    expect(outcomes).toEqual([['cleanup', 'blocked'], ['preflight', 'already'], ['prepare', 'already'], ['rollout', 'already']]);
    expect(jobs.filter((job) => !(job.seconds < secondsWithoutWork(job)))).toEqual([]);
  });

  it('takes the policy and the label away in the sync that an approval starts', async () => {
    const { cluster } = walk;
    await cluster.apply(allowingPolicy());
    const answer = await walk.hookwave('approve', 'calico', '--by', 'a test');
    const operation = await cluster.argocd.waitForOperation(APPLICATION, { seconds: 120 });

    expect(answer).toContain('approved');
    expect(operation.phase, operation.message).toBe('Succeeded');
    expect(await temporaryPolicy(cluster)).toBeUndefined();
    expect(await labelledEndpoints(cluster)).toEqual([]);
    expect((await cluster.get('hostendpoints.crd.projectcalico.org', 'node-1-all')).metadata.labels).toEqual({ team: 'edge' });
    await cluster.argocd.refresh(APPLICATION);
    await cluster.argocd.waitForSyncedAndHealthy(APPLICATION, { seconds: 120 });
  });
});
