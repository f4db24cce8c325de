import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePods } from '../../cluster/calico.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { hasTestdata, testdataNote } from '../../cluster/paths.ts';
import { hookJobs, secondsWithoutWork } from '../calico-upgrade/hook-jobs.ts';
import { resourceVersions } from '../calico-upgrade/resource-versions.ts';
import { allowingPolicy, cutOffNodes, hostEndpoints, labelledEndpoints, nodeImages, record, temporaryPolicy } from '../calico-upgrade/walk.ts';
import { AFTER_FAILURE, jobs, readiness, RELEASE, startHelmWalk, type HelmMajor, type HelmWalk } from './release.ts';
import { FULL } from '../../full-matrix.ts';

const OLD = 'docker.io/calico/node:v3.13.4';
const NEW = 'quay.io/calico/node:v3.32.1';
const STUCK = { overlays: { env: { STANDIN_NEVER_READY: 'true' } } };
/** Helm's timeout is for each hook: long enough for preflight and prepare on a busy machine, shorter than any rollout here. */
const HOOK_TIME = '35s';
/** A rollout over two nodes that takes longer than that, whatever the machine. */
const SLOW = { overlays: { env: { REGION: 'north' }, patches: [{ kind: 'DaemonSet', name: 'calico-node', merge: { spec: { minReadySeconds: 25 } } }] } };

const TIMED_OUT: Readonly<Record<HelmMajor, RegExp>> = { 3: /post-upgrade hooks failed[\s\S]*timed out waiting for the condition/, 4: /post-upgrade hooks failed[\s\S]*deadline exceeded/ };

describe.skipIf(!hasTestdata)(`a release of Calico from its install to its uninstall${testdataNote}`, () => {
  let walk: HelmWalk;
  let old: string;
  let stuck: string;
  let good: string;
  let slow: string;
  dumpLogsOnFailure(() => walk?.cluster);
  beforeAll(async () => {
    walk = await startHelmWalk();
    [old, stuck, good, slow] = await Promise.all([walk.sourceChart(), walk.upgradeChart(STUCK), walk.upgradeChart(), walk.upgradeChart(SLOW)]);
  });
  afterAll(() => walk?.stop());

  // In short, each scenario runs with one of both, and what takes longest not at all.
  describe.each([4, 3] as const)('Helm %i', (major) => {
    beforeAll(() => walk.clear());

    const upgrade = (folder: string, ...flags: readonly string[]) => walk.helm(major, 'upgrade', RELEASE, folder, ...flags);
    const history = async (): Promise<readonly string[]> => JSON.parse((await walk.helm(major, 'history', RELEASE, '--output', 'json')).output).map(({ status }: Json) => status);
    /** Scenario 2, and the cleanup; without it the uninstall finds the temporary policy. */
    const isApproved = FULL || major === 3;

    it('installs the old release on a cluster without Calico', async () => {
      const result = await walk.helm(major, 'install', RELEASE, old, '--timeout', '3m');
      await walk.cluster.apply(hostEndpoints());

      expect(result, result.output).toMatchObject({ succeeded: true, output: expect.stringMatching(/STATUS: deployed/) });
      expect(await nodeImages(walk.cluster)).toEqual([OLD, OLD]);
      expect((await record(walk.cluster)).run).toMatchObject({ state: 'done', to: 'v3.13.4' });
    });

    if (FULL || major === 4) {
      it('a timeout that ends while the hook watches fails the release and says so; the Job goes on', async () => {
        const { cluster } = walk;
        const result = await upgrade(stuck, '--timeout', HOOK_TIME);

        expect(result).toMatchObject({ succeeded: false, output: expect.stringMatching(TIMED_OUT[major]) });
        expect(result.output).toMatch(/waits for the rollout until/);
        expect((await history()).at(-1)).toBe('failed');
        expect(await jobs(cluster)).toContain('hookwave-calico-rollout Running');
        expect(await cluster.get('serviceaccount', 'hookwave-calico-rollout', 'hookwave-calico')).toBeDefined();
        expect(await walk.hookwave('status', 'calico')).toContain('v3.13.4 -> v3.32.1, running');
        expect(await nodeImages(cluster)).toEqual([OLD, NEW]);
      });

      it('labels exactly the one endpoint that nothing protects, before the first new calico-node starts', async () => {
        const { cluster } = walk;
        const policy = await temporaryPolicy(cluster);
        const first = (await nodePods(cluster)).find(({ spec }) => spec.containers[0].image === NEW);
        expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);
        expect(policy.spec).toMatchObject({ selector: 'has(host-endpoint-upgrade)', types: ['Ingress', 'Egress'] });
        expect(Date.parse(policy.metadata.creationTimestamp)).toBeLessThan(Date.parse(first.metadata.creationTimestamp));
        expect(await cutOffNodes(cluster)).toEqual([]);
      });

      it('goes back with helm rollback, with the hooks of the old release, in the middle of the upgrade', async () => {
        const { cluster } = walk;
        const result = await walk.helm(major, 'rollback', RELEASE, '1', '--timeout', '3m');

        expect(result, result.output).toMatchObject({ succeeded: true });
        expect(await nodeImages(cluster)).toEqual([OLD, OLD]);
        expect(await readiness(cluster)).toEqual([true, true]);
        expect(await cutOffNodes(cluster)).toEqual([]);
        expect((await record(cluster)).run).toMatchObject({ state: 'done', to: 'v3.13.4' });
        expect(await temporaryPolicy(cluster)).toBeDefined();
      });
    }

    if (FULL || major === 3) {
      it('with --wait, a calico-node that never gets ready ends in Helm\'s own timeout: no freeze, one node at most, and status diagnoses live', async () => {
        const { cluster } = walk;
        const result = await upgrade(stuck, '--wait', '--timeout', HOOK_TIME);
        const status = await walk.hookwave('status', 'calico');

        expect(result).toMatchObject({ succeeded: false });
        expect(result.output).not.toContain('post-upgrade');
        expect((await history()).at(-1)).toBe('failed');
        expect((await cluster.get('daemonset', 'calico-node', 'kube-system')).spec.updateStrategy.type).toBe('RollingUpdate');
        expect((await readiness(cluster)).filter((ready) => !ready)).toHaveLength(1);
        expect(await nodeImages(cluster)).toEqual([OLD, NEW]);
        expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);
        expect(await temporaryPolicy(cluster)).toBeDefined();
        expect(await cutOffNodes(cluster)).toEqual([]);
        expect((await record(cluster)).run).toMatchObject({ state: 'running', to: 'v3.32.1' });
        expect(status).toMatch(/now: DaemonSet kube-system\/calico-node, 1 of 2 updated, 1 available\n +Pod calico-node-\w+ on node-\d: container calico-node: NotReady: runs since/);
      });
    }

    const wait = FULL || major === 4 ? ['--wait'] : [];
    it(`goes through with the fixed upgrade${wait.map((flag) => `, with ${flag}`).join('')}`, async () => {
      const { cluster } = walk;
      const result = await upgrade(good, '--timeout', '3m', ...wait, ...AFTER_FAILURE[major]);

      expect(result, result.output).toMatchObject({ succeeded: true, output: expect.stringMatching(/`--timeout 65m`/) });
      expect((await history()).at(-1)).toBe('deployed');
      expect(await nodeImages(cluster)).toEqual([NEW, NEW]);
      expect(await readiness(cluster)).toEqual([true, true]);
      expect((await record(cluster)).run).toMatchObject({ state: 'done', to: 'v3.32.1', startVersion: 'v3.13.4' });
      expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);
      expect(await temporaryPolicy(cluster)).toBeDefined();
    });

    if (isApproved) {
      it('changes nothing in a second upgrade, and its hooks end in seconds', async () => {
        const { cluster } = walk;
        const before = await resourceVersions(cluster);
        const result = await upgrade(good, '--timeout', '3m');

        expect(result, result.output).toMatchObject({ succeeded: true });
        expect(await resourceVersions(cluster)).toEqual(before);
        const hooks = await hookJobs(cluster);
        expect(hooks.map(({ name }) => name)).toEqual(expect.arrayContaining(['preflight', 'prepare', 'rollout', 'verify', 'cleanup']));
        expect(hooks.filter((job) => !(job.seconds < secondsWithoutWork(job)))).toEqual([]);
      });
    }

    if (FULL) {
      let startedAt: string;

      it('with a timeout shorter than a good rollout, the release fails while the Job goes on with its rights to the end', async () => {
        const { cluster } = walk;
        const result = await upgrade(slow, '--timeout', HOOK_TIME);

        expect(result).toMatchObject({ succeeded: false, output: expect.stringMatching(TIMED_OUT[major]) });
        startedAt = (await record(cluster)).run.startedAt;
        await cluster.waitFor('the end of the Job', async () => (await jobs(cluster)).some((job) => /^hookwave-calico-\w+ Complete$/.test(job) && job.includes('rollout')), { seconds: 120 });
        expect(await readiness(cluster)).toEqual([true, true]);
      });

      it('goes on where it was with the same command and time enough, and verifies', async () => {
        const { cluster } = walk;
        const result = await upgrade(slow, '--timeout', '3m');

        expect(result, result.output).toMatchObject({ succeeded: true });
        expect((await record(cluster)).run).toMatchObject({ state: 'done', to: 'v3.32.1', startedAt });
      });

      it('a Helm that is killed leaves the release pending: no upgrade is let in', async () => {
        const helm = walk.startHelm(major, 'upgrade', RELEASE, stuck, '--wait', '--timeout', '3m');
        await walk.cluster.waitFor('a calico-node that is not ready', async () => (await readiness(walk.cluster)).includes(false), { seconds: 90 });
        helm.kill();
        await helm.ended;
        const result = await upgrade(good);

        expect((await history()).at(-1)).toBe('pending-upgrade');
        expect(result).toMatchObject({ succeeded: false, output: expect.stringContaining('another operation (install/upgrade/rollback) is in progress') });
      });

      it('goes through with the fixed upgrade once the pending revision is forgotten, as the chart says', async () => {
        const { cluster } = walk;
        await cluster.kubectl(['-n', 'kube-system', 'delete', 'secret', '-l', `owner=helm,name=${RELEASE},status in (pending-install,pending-upgrade,pending-rollback)`]);
        const result = await upgrade(good, '--timeout', '3m', ...AFTER_FAILURE[major]);

        expect(result, result.output).toMatchObject({ succeeded: true });
        expect((await history()).at(-1)).toBe('deployed');
        expect(await readiness(cluster)).toEqual([true, true]);
        expect((await record(cluster)).run.state).toBe('done');
      });
    }

    it('proves the release again with helm test', async () => {
      const result = await walk.helm(major, 'test', RELEASE, '--timeout', '2m');
      expect(result).toMatchObject({ succeeded: true, output: expect.stringContaining('everything runs v3.32.1') });
    });

    if (isApproved) {
      it('takes the policy and the label away in the upgrade after an approval', async () => {
        const { cluster } = walk;
        await cluster.apply(allowingPolicy());
        await walk.hookwave('approve', 'calico', '--by', 'a test');
        const result = await upgrade(good, '--timeout', '3m');

        expect(result, result.output).toMatchObject({ succeeded: true });
        expect(await temporaryPolicy(cluster)).toBeUndefined();
        expect(await labelledEndpoints(cluster)).toEqual([]);
        expect(await jobs(cluster)).toContain('hookwave-calico-cleanup Complete');
      });
    }

    it('keeps definitions, endpoints, policies, namespace and record when it is uninstalled', async () => {
      const { cluster } = walk;
      const result = await walk.helm(major, 'uninstall', RELEASE);

      expect(result).toMatchObject({ succeeded: true });
      expect(await cluster.get('daemonset', 'calico-node', 'kube-system')).toBeUndefined();
      expect((await cluster.get('customresourcedefinitions')).map(({ metadata }: Json) => metadata.name)).toContain('hostendpoints.crd.projectcalico.org');
      expect(await names(cluster, 'hostendpoints')).toEqual(['node-1-all', 'node-2-auto-hep', 'node-2-eth0']);
      expect(await names(cluster, 'globalnetworkpolicies')).toEqual(isApproved ? ['default.edge'] : ['default.allow-all-upgrade']);
      expect(await labelledEndpoints(cluster)).toEqual(isApproved ? [] : ['node-1-all']);
      expect((await record(cluster)).run.state).toBe('done');
    });
  });
});

async function names(cluster: Cluster, plural: string): Promise<readonly string[]> {
  const all: Json[] = await cluster.get(`${plural}.crd.projectcalico.org`);
  return all.map(({ metadata }) => metadata.name).toSorted();
}
