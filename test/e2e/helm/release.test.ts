import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { hasTestdata, testdataNote } from '../../cluster/paths.ts';
import { cutOffNodes, hostEndpoints, labelledEndpoints, nodeImages, record, temporaryPolicy } from '../calico-upgrade/walk.ts';
import { jobs, readiness, RELEASE, startHelmWalk, type HelmWalk } from './release.ts';

const OLD = 'docker.io/calico/node:v3.13.4';
const NEW = 'quay.io/calico/node:v3.32.1';
/** A rollout over two nodes that takes half a minute, whatever the machine. */
const SLOW = { overlays: { patches: [{ kind: 'DaemonSet', name: 'calico-node', merge: { spec: { minReadySeconds: 12 } } }] } };
const STUCK = { overlays: { env: { STANDIN_NEVER_READY: 'true' } } };

/** What both Helms have in common runs once: by Helm 4, whose waits and ownership of fields are the newer. */
describe.skipIf(!hasTestdata)(`a release of Calico by Helm 4 from its install to its uninstall${testdataNote}`, () => {
  let walk: HelmWalk;
  let chart: string;
  dumpLogsOnFailure(() => walk?.cluster);
  beforeAll(async () => {
    walk = await startHelmWalk();
    chart = await walk.upgradeChart(SLOW);
  });
  afterAll(() => walk?.stop());

  const upgrade = (folder: string, ...flags: readonly string[]) => walk.helm(4, 'upgrade', RELEASE, folder, ...flags);

  it('installs the old release on a cluster without Calico', async () => {
    const result = await walk.helm(4, 'install', RELEASE, await walk.sourceChart(), '--timeout', '3m');
    await walk.cluster.apply(hostEndpoints());

    expect(result).toMatchObject({ succeeded: true, output: expect.stringMatching(/STATUS: deployed/) });
    expect(await nodeImages(walk.cluster)).toEqual([OLD, OLD]);
    expect((await record(walk.cluster)).run).toMatchObject({ state: 'done', to: 'v3.13.4' });
  });

  it('with --wait, a calico-node that never gets ready ends in Helm\'s own timeout: no freeze, one node at most, and status diagnoses live', async () => {
    const { cluster } = walk;
    const result = await upgrade(await walk.upgradeChart(STUCK), '--wait', '--timeout', '30s');
    const status = await walk.hookwave('status', 'calico');

    expect(result).toMatchObject({ succeeded: false });
    expect(result.output).not.toContain('post-upgrade');
    expect((await cluster.get('daemonset', 'calico-node', 'kube-system')).spec.updateStrategy.type).toBe('RollingUpdate');
    expect((await readiness(cluster)).filter((ready) => !ready)).toHaveLength(1);
    expect(await nodeImages(cluster)).toEqual([OLD, NEW]);
    expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);
    expect(await temporaryPolicy(cluster)).toBeDefined();
    expect(await cutOffNodes(cluster)).toEqual([]);
    expect((await record(cluster)).run).toMatchObject({ state: 'running', to: 'v3.32.1' });
    expect(status).toMatch(/now: DaemonSet kube-system\/calico-node, 1 of 2 updated, 1 available\n +Pod calico-node-\w+ on node-\d: container calico-node: NotReady: runs since/);
  });

  it('goes back with helm rollback, with the hooks of the old release, in the middle of the upgrade', async () => {
    const { cluster } = walk;
    const result = await walk.helm(4, 'rollback', RELEASE, '1', '--timeout', '3m');

    expect(result).toMatchObject({ succeeded: true });
    expect(await nodeImages(cluster)).toEqual([OLD, OLD]);
    expect(await cutOffNodes(cluster)).toEqual([]);
    expect((await record(cluster)).run).toMatchObject({ state: 'done', to: 'v3.13.4' });
    expect(await temporaryPolicy(cluster)).toBeDefined();
  });

  it('when the timeout is shorter than the rollout, the release fails while the Job goes on with its rights to the end', async () => {
    const { cluster } = walk;
    const result = await upgrade(chart, '--timeout', '22s');

    expect(result).toMatchObject({ succeeded: false, output: expect.stringMatching(/waits for the rollout until[\s\S]*deadline exceeded/) });
    expect(await walk.hookwave('status', 'calico')).toContain('v3.13.4 -> v3.32.1, running');
    await cluster.waitFor('the end of the Job', async () => (await jobs(cluster)).some((job) => /^hookwave-calico-\w+ Complete$/.test(job) && job.includes('rollout')), { seconds: 120 });
    expect(await nodeImages(cluster)).toEqual([NEW, NEW]);
  });

  it('goes on where it was with the same command and time enough, and verifies', async () => {
    const { cluster } = walk;
    const result = await upgrade(chart, '--timeout', '3m');

    expect(result).toMatchObject({ succeeded: true, output: expect.stringMatching(/`--timeout 65m`/) });
    expect((await record(cluster)).run).toMatchObject({ state: 'done', to: 'v3.32.1', startVersion: 'v3.13.4' });
  });

  it('proves the release again with helm test', async () => {
    const result = await walk.helm(4, 'test', RELEASE, '--timeout', '2m');
    expect(result).toMatchObject({ succeeded: true, output: expect.stringContaining('everything runs v3.32.1') });
  });

  it('keeps definitions, endpoints, policy, namespace and record when it is uninstalled', async () => {
    const { cluster } = walk;
    const result = await walk.helm(4, 'uninstall', RELEASE);

    expect(result).toMatchObject({ succeeded: true });
    expect(await cluster.get('daemonset', 'calico-node', 'kube-system')).toBeUndefined();
    expect((await cluster.get('customresourcedefinitions')).map(({ metadata }: Json) => metadata.name)).toContain('hostendpoints.crd.projectcalico.org');
    expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);
    expect(await temporaryPolicy(cluster)).toBeDefined();
    expect((await record(cluster)).run.state).toBe('done');
  });
});
