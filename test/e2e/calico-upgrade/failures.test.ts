import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { hasTestdata, testdataNote } from '../../cluster/paths.ts';
import { resourceVersions } from './resource-versions.ts';
import { APPLICATION, labelledEndpoints, nodeImages, record, startWalk, temporaryPolicy, type Walk } from './walk.ts';

const DENY = {
  apiVersion: 'crd.projectcalico.org/v1',
  kind: 'GlobalNetworkPolicy',
  metadata: { name: 'default.no-telnet' },
  spec: { selector: "team == 'edge'", types: ['Ingress'], ingress: [{ action: 'Deny', protocol: 'TCP', destination: { ports: [23] } }] },
};
/** What Kubernetes puts into a namespace, and the namespace itself. */
const NEW_NAMESPACE = ['ConfigMap hookwave-calico/kube-root-ca.crt', 'Namespace /hookwave-calico', 'ServiceAccount hookwave-calico/default'];
const STUCK = { overlays: { env: { STANDIN_NEVER_READY: 'true' } }, deadlines: { stall: '25s' }, hostEndpoints: { acknowledgeDenies: ['no-telnet'] } };

describe.skipIf(!hasTestdata)(`a Calico upgrade that cannot go through${testdataNote}`, () => {
  let walk: Walk;
  dumpLogsOnFailure(() => walk?.cluster);
  beforeAll(async () => {
    walk = await startWalk();
    await walk.cluster.apply(DENY);
    await walk.createApplication(1);
  });
  afterAll(() => walk?.stop());

  it('fails in preflight before anything has changed, and names what to acknowledge', async () => {
    const { cluster } = walk;
    const before = await resourceVersions(cluster);
    await walk.commitUpgrade();

    const operation = await walk.sync();
    const after = await resourceVersions(cluster);
    const namespace = await cluster.get('namespace', 'hookwave-calico');

    expect(operation.phase, operation.message).toBe('Failed');
    expect(Object.fromEntries(Object.keys(before).map((key) => [key, after[key]]))).toEqual(before);
    expect(Object.keys(after).filter((key) => !(key in before)).toSorted()).toEqual(['ConfigMap hookwave-calico/hookwave-calico', ...NEW_NAMESPACE]);
    expect(namespace.metadata.labels['pod-security.kubernetes.io/enforce']).toBe('privileged');
    expect(operation.resources.filter(({ hookType }) => !hookType).map(({ kind }) => kind)).toEqual(['Namespace']);
    expect(await walk.hookwave('status', 'calico')).toMatch(/no-telnet[\s\S]*acknowledgeDenies/);
  });

  it('freezes a rollout whose first Pod never gets ready: the sync fails, no second node is touched, the policy still protects', async () => {
    const { cluster } = walk;
    await walk.commitUpgrade(STUCK);

    const operation = await walk.sync();
    const daemonSet = await cluster.get('daemonset', 'calico-node', 'kube-system');

    expect(operation.phase, operation.message).toBe('Failed');
    expect(daemonSet.spec.updateStrategy).toEqual({ type: 'OnDelete' });
    expect(await nodeImages(cluster)).toEqual(['docker.io/calico/node:v3.13.4', 'quay.io/calico/node:v3.32.1']);
    expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);
    expect(await temporaryPolicy(cluster)).toBeDefined();
    expect((await record(cluster)).run).toMatchObject({ state: 'frozen', freeze: { workload: 'kube-system/calico-node' } });
    expect(await walk.hookwave('status', 'calico')).toMatch(/frozen[\s\S]*calico-node-\w+/);
  });

  it('has failed its automatic retry at once, in preflight', async () => {
    const { operation } = await walk.cluster.argocd.status(APPLICATION);
    const jobs = operation?.resources.filter(({ kind, hookType }) => kind === 'Job' && hookType !== 'SyncFail').map(({ name, hookPhase }) => `${name} ${hookPhase}`);
    expect(operation?.retryCount).toBe(1);
    expect(jobs).toEqual(['hookwave-calico-preflight Failed']);
  });

  it('goes through with a fixed commit', async () => {
    const { cluster } = walk;
    await walk.commitUpgrade({ hostEndpoints: STUCK.hostEndpoints });

    const operation = await walk.sync();
    await cluster.argocd.refresh(APPLICATION);

    expect(operation.phase, operation.message).toBe('Succeeded');
    expect(await nodeImages(cluster)).toEqual(['quay.io/calico/node:v3.32.1', 'quay.io/calico/node:v3.32.1']);
    expect((await cluster.get('daemonset', 'calico-node', 'kube-system')).spec.updateStrategy.type).toBe('RollingUpdate');
    expect((await record(cluster)).run.state).toBe('done');
    await cluster.argocd.waitForSyncedAndHealthy(APPLICATION, { seconds: 120 });
  });
});
