import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePods } from '../../cluster/calico.ts';
import type { Json } from '../../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { hasTestdata, testdataNote } from '../../cluster/paths.ts';
import { hookJobs, secondsWithoutWork } from '../calico-upgrade/hook-jobs.ts';
import { resourceVersions } from '../calico-upgrade/resource-versions.ts';
import { allowingPolicy, labelledEndpoints, nodeImages, record, temporaryPolicy } from '../calico-upgrade/walk.ts';
import { ADOPT, jobs, readiness, RELEASE, startHelmWalk, type HelmWalk } from './release.ts';
import { FULL } from '../../full-matrix.ts';

const UPGRADED = ['quay.io/calico/node:v3.32.1', 'quay.io/calico/node:v3.32.1'];
const DENY = {
  apiVersion: 'crd.projectcalico.org/v1',
  kind: 'GlobalNetworkPolicy',
  metadata: { name: 'default.no-telnet' },
  spec: { selector: "team == 'edge'", types: ['Ingress'], ingress: [{ action: 'Deny', protocol: 'TCP', destination: { ports: [23] } }] },
};
const STUCK = { overlays: { env: { STANDIN_NEVER_READY: 'true' } }, deadlines: { stall: '15s' } };
/** Names what was wrong, so that Helm 3 needs no `--force`. */
const FIXED = { overlays: { env: { STANDIN_NEVER_READY: 'false' } } };

describe.skipIf(!hasTestdata)(`a Calico manifest upgrade from v3.13.4 to v3.32.1 by Helm${testdataNote}`, () => {
  let walk: HelmWalk;
  let chart: string;
  let stuck: string;
  let fixed: string;
  dumpLogsOnFailure(() => walk?.cluster);
  beforeAll(async () => {
    walk = await startHelmWalk();
    [chart, stuck, fixed] = await Promise.all([walk.upgradeChart(), walk.upgradeChart(STUCK), walk.upgradeChart(FIXED)]);
  });
  afterAll(() => walk?.stop());

  describe.each([3, 4] as const)('Helm %i', (major) => {
    /** In short, Helm 3 shows here how it adopts; the rest of it is in `release.test.ts`. */
    const isWhole = FULL || major === 4;
    const upgrade = (folder: string, ...flags: readonly string[]) => walk.helm(major, 'upgrade', '--install', RELEASE, folder, '--timeout', '3m', ...flags);
    beforeAll(() => walk.reset());
    afterAll(async () => {
      await walk?.helm(major, 'uninstall', RELEASE);
    });

    it('fails in preflight before anything has changed, and names what to acknowledge', async () => {
      const { cluster } = walk;
      await cluster.apply(DENY);
      const before = await resourceVersions(cluster);
      const result = await upgrade(chart, ...ADOPT[major]);
      const after = await resourceVersions(cluster);
      await cluster.kubectl(['delete', 'globalnetworkpolicies.crd.projectcalico.org', 'default.no-telnet']);

      expect(result).toMatchObject({ succeeded: false, output: expect.stringMatching(/pre-install[\s\S]*(failed|Failed)/) });
      expect(Object.fromEntries(Object.keys(before).map((key) => [key, after[key]]))).toEqual(before);
      // The namespace is a hook; the rest is what Kubernetes puts into it.
      expect(Object.keys(after).filter((key) => !(key in before)).toSorted()).toEqual(['ConfigMap hookwave-calico/hookwave-calico', 'ConfigMap hookwave-calico/kube-root-ca.crt', 'ServiceAccount hookwave-calico/default']);
      expect(await walk.hookwave('status', 'calico')).toMatch(/no-telnet[\s\S]*acknowledgeDenies/);
    });

    it('adopts what kubectl applied, protects, rolls out and verifies', async () => {
      const result = await upgrade(chart, ...ADOPT[major]);

      expect(result).toMatchObject({ succeeded: true });
      expect(await nodeImages(walk.cluster)).toEqual(UPGRADED);
      expect((await record(walk.cluster)).run).toMatchObject({ state: 'done', from: 'v3.13.4', to: 'v3.32.1', startVersion: 'v3.13.4' });
    });

    it('leaves no container of the old template behind, and puts the guard first', async () => {
      const { spec } = (await walk.cluster.get('daemonset', 'calico-node', 'kube-system')).spec.template;
      expect(spec.initContainers.map(({ name }: Json) => name)).toEqual(['hookwave-guard', 'upgrade-ipam', 'install-cni', 'ebpf-bootstrap']);
    });

    it('labels exactly the one endpoint that nothing protects, before the first new calico-node starts', async () => {
      const { cluster } = walk;
      const policy = await temporaryPolicy(cluster);
      const starts = (await nodePods(cluster)).map((pod: Json) => Date.parse(pod.metadata.creationTimestamp));
      expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);
      expect(policy.spec).toMatchObject({ selector: 'has(host-endpoint-upgrade)', types: ['Ingress', 'Egress'] });
      expect(Date.parse(policy.metadata.creationTimestamp)).toBeLessThan(Math.min(...starts));
      expect(await walk.hookwave('status', 'calico')).toContain('hookwave approve calico');
    });

    if (isWhole) {
      it('changes nothing in a second upgrade, and its hooks end in seconds', async () => {
        const { cluster } = walk;
        const before = await resourceVersions(cluster);
        const result = await upgrade(chart);

        expect(result.succeeded).toBe(true);
        expect(await resourceVersions(cluster)).toEqual(before);
        expect(Object.keys(before).length).toBeGreaterThan(30);
        const hooks = await hookJobs(cluster);
        expect(hooks.map(({ name }) => name)).toEqual(expect.arrayContaining(['preflight', 'prepare', 'rollout', 'cleanup']));
        expect(hooks.filter((job) => !(job.seconds < secondsWithoutWork(job)))).toEqual([]);
      });

      it('freezes a rollout whose first Pod never gets ready: the release fails, no second node is touched, the policy still protects', async () => {
        const { cluster } = walk;
        const result = await upgrade(stuck);
        const daemonSet = await cluster.get('daemonset', 'calico-node', 'kube-system');

        expect(result).toMatchObject({ succeeded: false, output: expect.stringContaining('post-upgrade') });
        expect(daemonSet.spec.updateStrategy).toEqual({ type: 'OnDelete' });
        expect((await readiness(cluster)).filter((ready) => !ready)).toHaveLength(1);
        expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);
        expect(await temporaryPolicy(cluster)).toBeDefined();
        expect((await record(cluster)).run).toMatchObject({ state: 'frozen', freeze: { workload: 'kube-system/calico-node' } });
        expect(await walk.hookwave('status', 'calico')).toMatch(/frozen[\s\S]*calico-node-\w+/);
      });

      it('thaws with the fixed upgrade, without a conflict', async () => {
        const { cluster } = walk;
        const result = await upgrade(fixed);

        expect(result, result.output).toMatchObject({ succeeded: true });
        expect((await cluster.get('daemonset', 'calico-node', 'kube-system')).spec.updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
        expect(await readiness(cluster)).toEqual([true, true]);
        expect((await record(cluster)).run.state).toBe('done');
      });

      it('takes the policy and the label away in the upgrade after an approval', async () => {
        const { cluster } = walk;
        await cluster.apply(allowingPolicy());
        const answer = await walk.hookwave('approve', 'calico', '--by', 'a test');
        const result = await upgrade(fixed);

        expect(answer).toMatch(/approved[\s\S]*helm upgrade/);
        expect(result).toMatchObject({ succeeded: true });
        expect(await temporaryPolicy(cluster)).toBeUndefined();
        expect(await labelledEndpoints(cluster)).toEqual([]);
        expect(await jobs(cluster)).toContain('hookwave-calico-cleanup Complete');
      });
    }
  });
});
