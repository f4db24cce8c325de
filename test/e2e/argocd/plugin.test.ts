import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostEndpoint, installSourceCalico } from '../../cluster/calico.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { askPlugin, fields } from '../../cluster/cmp-client.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { calicoStandIns } from '../../cluster/images/calico-stand-ins.ts';
import { runnerImage } from '../../cluster/images/runner-image.ts';
import { hasTestdata, testdataNote } from '../../cluster/paths.ts';
import { startCluster } from '../../cluster/start-cluster.ts';
import { nodeImages, record, RUNNER, temporaryPolicy } from '../calico-upgrade/walk.ts';
import { applyHealthScripts, createHealthApplication, syncNewDefinition, syncParent, wrongHealth } from './health.ts';
import { startSidecar } from './sidecar.ts';
import { createUpgradeSource, programs, root, type UpgradeSource, upgradeSpec } from './upgrade-source.ts';

describe.skipIf(!hasTestdata)(`Argo CD with deploy/argocd${testdataNote}`, () => {
  let cluster: Cluster;
  let source: UpgradeSource;
  let bin: string;
  dumpLogsOnFailure(() => cluster);
  beforeAll(async () => {
    bin = programs(mkdtempSync(join(tmpdir(), 'hookwave.bin-')));
    cluster = await startCluster({ kubelets: 1, argocd: { waveDelaySeconds: 0, resyncSeconds: 5, plugin: { config: join(root, 'deploy/argocd'), bin } } });
    await applyHealthScripts(cluster);
    await cluster.images.load(await runnerImage(join(root, 'dist/runner.cjs'), RUNNER), ...(await calicoStandIns('v3.32.1')));
    await installSourceCalico(cluster);
    await cluster.apply(hostEndpoint({ name: 'node-1-all', node: 'node-1' }));
    source = await createUpgradeSource(cluster);
    await source.commit(upgradeSpec());
    await source.createApplication([{ name: 'overlays.env', map: { FELIX_LOGSEVERITYSCREEN: 'warning' } }]);
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(bin, { recursive: true });
  });

  it('brings a folder with hookwave.yaml and no manifests to a finished upgrade', async () => {
    const operation = await sync(cluster);
    await cluster.argocd.refresh('calico');

    expect(operation.message).toContain('successfully synced');
    expect(operation.phase, operation.message).toBe('Succeeded');
    await cluster.argocd.waitForSyncedAndHealthy('calico', { seconds: 120 });
    expect(await nodeImages(cluster)).toEqual(['quay.io/calico/node:v3.32.1']);
    expect((await record(cluster)).run).toMatchObject({ state: 'done', to: 'v3.32.1' });
    expect(await temporaryPolicy(cluster)).toBeDefined();
  });

  it('renders what the parameters of the Application say', async () => {
    const daemonSet = await cluster.get('daemonset', 'calico-node', 'kube-system');
    expect(daemonSet.spec.template.spec.containers[0].env).toContainEqual({ name: 'FELIX_LOGSEVERITYSCREEN', value: 'warning' });
    expect(daemonSet.spec.template.spec.initContainers[0].image).toBe(RUNNER);
  });

  it('notices a parameter that changes in the Application, without a commit, and syncs it', async () => {
    await setParameter(cluster, { name: 'deadlines.cleanup', string: '4m' });
    await cluster.waitFor('the Application to be OutOfSync', async () => (await cluster.argocd.status('calico')).sync === 'OutOfSync', { seconds: 40 });
    const operation = await sync(cluster);

    expect(operation.phase, operation.message).toBe('Succeeded');
    await cluster.argocd.refresh('calico');
    await cluster.argocd.waitForSyncedAndHealthy('calico', { seconds: 120 });
    const job = await cluster.get('job', 'hookwave-calico-cleanup', 'hookwave-calico');
    expect(job.spec.template.spec.containers[0].args).toContain('--deadline-seconds=240');
  });

  it('shows a bad spec, and a bad parameter, as one line; the cluster is left as it was', async () => {
    await source.commit(upgradeSpec({ to: 'v3.12.0' }));
    await cluster.argocd.refresh('calico');
    expect(await comparisonError(cluster)).toMatch(/`hookwave cmp generate` failed exit status 2: 2 problems in the input: \[1\] hookwave\.yaml:\d+ spec\.to: is v3\.12\.0, older than v3\.13\.4 \(fix: .*\) \[2\] hookwave\.yaml:\d+ spec\.install\.manifest: .*$/);

    await source.commit(upgradeSpec());
    await setParameter(cluster, { name: 'deadlines.cleanup', string: 'soon' });
    await cluster.argocd.refresh('calico');
    expect(await comparisonError(cluster)).toMatch(/failed exit status 2: parameter deadlines\.cleanup: is not a duration \(fix: write a whole number and a unit, such as 90s, 30m or 2h\)$/);
    expect(await nodeImages(cluster)).toEqual(['quay.io/calico/node:v3.32.1']);
  });

  it('takes one spec for one Application: which one, a parameter says', async () => {
    await setParameter(cluster, { name: 'deadlines.cleanup', string: '4m' });
    const other = { ...upgradeSpec(), metadata: { name: 'other' } };
    await source.commit(upgradeSpec(), other);
    await cluster.argocd.refresh('calico');
    expect(await comparisonError(cluster)).toMatch(/hookwave\.yaml: holds 2 specs \(calico, other\), and an Application takes one \(fix: set parameter `spec` .*\)$/);

    await setParameter(cluster, { name: 'spec', string: 'calico' });
    await cluster.argocd.refresh('calico');
    await cluster.argocd.waitForSyncedAndHealthy('calico', { seconds: 120 });
    expect((await cluster.argocd.status('calico')).conditions).toEqual([]);
  });

  it('runs as the sidecar that the patch makes: not root, read-only root, no shell', async () => {
    const socket = await startSidecar(cluster);
    const example = join(root, 'examples/calico-manifest');
    const manifests = async (env = {}): Promise<Json[]> => (await askPlugin(socket, 'GenerateManifest', example, env)).map(([, manifest]) => JSON.parse(manifest.toString()));
    const parameters = (value: string) => ({ ARGOCD_APP_PARAMETERS: JSON.stringify([{ name: 'verify.stableFor', string: value }]) });

    expect((await askPlugin(socket, 'MatchRepository', example)).map(([field, value]) => [field, value[0]])).toEqual([[1, 1], [2, 1]]);
    expect((await askPlugin(socket, 'MatchRepository', join(root, 'examples'))).map(([field]) => field)).toEqual([2]);
    expect((await manifests()).find(({ kind }) => kind === 'DaemonSet').metadata.name).toBe('calico-node');
    expect(JSON.stringify(await manifests(parameters('77s')))).toContain('--stable-seconds=77');
    await expect(manifests(parameters('long'))).rejects.toThrow(/`hookwave cmp generate` failed exit status 2: parameter verify\.stableFor: is not a duration \(fix: .*\)$/);
    const announced = (await askPlugin(socket, 'GetParametersAnnouncement', example)).map(([, one]) => fields(one));
    expect(announced.map((one) => one[0]?.[1].toString())).toContain('deadlines.rollout');
  });

  it('judges the kinds of the systems that are upgraded by the health scripts', async () => {
    await createHealthApplication(cluster);
    await cluster.waitFor('the health of every object', async () => {
      const wrong = await wrongHealth(cluster);
      if (wrong.length > 0) throw new Error(`\n${wrong.join('\n')}`);
      return true;
    });
    expect(await wrongHealth(cluster)).toEqual([]);
  });

  it('waits for a new definition in a wave of its own, instead of ending the sync', async () => {
    const { phase, resources } = await syncNewDefinition(cluster);
    expect(phase).toBe('Succeeded');
    expect(resources.map(({ kind, status }) => [kind, status])).toEqual([['CustomResourceDefinition', 'Synced'], ['ConfigMap', 'Synced']]);
  });

  it('waits for the sync of an Application in a wave of its own, instead of going on over it', async () => {
    const after = () => cluster.get('configmap', 'after-the-child', 'default');
    await syncParent(cluster);
    await cluster.waitFor('the sync to wait', async () => (await cluster.argocd.status('parent')).operation?.message.includes('waiting for healthy state of argoproj.io/Application/child'));
    expect(await after()).toBeUndefined();

    await cluster.argocd.sync('child');
    const { phase, message } = await cluster.argocd.waitForOperation('parent');
    expect(phase, message).toBe('Succeeded');
    expect(await after()).toBeDefined();
    expect((await cluster.argocd.status('child')).operation?.phase).toBe('Succeeded');
  });
});

async function sync(cluster: Cluster) {
  await cluster.argocd.refresh('calico');
  await cluster.argocd.sync('calico');
  return cluster.argocd.waitForOperation('calico', { seconds: 200 });
}

/** Sets one parameter in the Application, beside those it has. */
async function setParameter(cluster: Cluster, parameter: { readonly name: string; readonly string: string }): Promise<void> {
  const { spec } = await cluster.get('applications.argoproj.io', 'calico', 'argocd');
  const parameters = [...spec.source.plugin.parameters.filter(({ name }: Json) => name !== parameter.name), parameter];
  await cluster.kubectl(['patch', 'applications.argoproj.io', 'calico', '-n', 'argocd', '--type=merge', '-p', JSON.stringify({ spec: { source: { plugin: { parameters } } } })]);
}

async function comparisonError(cluster: Cluster): Promise<string | undefined> {
  const { conditions } = await cluster.argocd.status('calico');
  return conditions.find(({ type }) => type === 'ComparisonError')?.message;
}
