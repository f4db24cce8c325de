import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodePods } from '../../cluster/calico.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import type { Image } from '../../cluster/images/archive.ts';
import { contentsOf } from '../../cluster/images/contents.ts';
import { dockerfileImages } from '../../cluster/images/dockerfile.ts';
import { pluginImage } from '../../cluster/images/plugin-image.ts';
import { runnerImage } from '../../cluster/images/runner-image.ts';
import { startCluster } from '../../cluster/start-cluster.ts';
import { expectedV3, v3Data } from '../../calico-v1/etcd.ts';
import { calicoStandIns } from '../../cluster/images/calico-stand-ins.ts';
import { startDatastore } from '../migrate-cluster/migration-cluster.ts';
import { nodesAndReleases } from '../migrate-cluster/players.ts';
import { upstreamJob, withUpstreamSnippets } from './upstream-snippets.ts';

const BUNDLE = join(import.meta.dirname, '../../../dist/runner.cjs');

let cluster: Cluster;
let images: Readonly<Record<'runner' | 'dropin' | 'plugin', Image>>;
dumpLogsOnFailure(() => cluster);
beforeAll(async () => {
  cluster = await startCluster({ kubelets: 1 });
  images = await dockerfileImages(cluster.dir, {
    runner: { file: 'deploy/Dockerfile', target: 'runner' },
    dropin: { file: 'deploy/Dockerfile', target: 'dropin' },
    plugin: { file: 'deploy/argocd/Dockerfile' },
  });
  await cluster.images.load(images.runner, images.dropin);
});
afterAll(() => cluster?.stop());

it.each([
  ['runner', '65532:65532', () => runnerImage(BUNDLE, 'hookwave.test/runner:played')],
  ['plugin', '999', () => pluginImage('hookwave.test/plugin:played')],
] as const)('the image that other tests run is the one that the Dockerfile builds: the same files, user, entrypoint and environment (%s)', async (name, user, made) => {
  const built = await contentsOf(images[name].archive);
  const played = await contentsOf((await made()).archive);
  expect(played.files).toEqual(built.files);
  const settings = ({ config: { User, Entrypoint, Env } }: typeof built) => ({ User, Entrypoint, Env: Env.filter((variable) => !variable.startsWith('PATH=')).sort() });
  expect(settings(played)).toEqual(settings(built));
  expect(settings(built).User).toBe(user);
});

it('the command line of the plugin runs in its image, where there is no shell', async () => {
  const { plugin } = images;
  await cluster.images.load(plugin);
  const ended = await endOf('plugin', [
    { name: 'version', image: plugin.ref, command: ['hookwave', 'version'] },
    { name: 'shell', image: plugin.ref, command: ['/bin/sh', '-c', 'true'] },
  ]);
  expect(ended['version']?.exitCode).toBe(0);
  expect(await cluster.podLogs('default', 'plugin', 'version')).toMatch(/^hookwave v\d/);
  expect(ended['shell']).toMatchObject({ reason: 'StartError', message: expect.stringMatching(/no such file/) });
});

it('the drop-in has the files of the runner, a /bin/sh and the three scripts, and nothing else', async () => {
  const [runner, dropin] = await Promise.all([contentsOf(images.runner.archive), contentsOf(images.dropin.archive)]);
  expect(dropin.files.filter((file) => !runner.files.includes(file))).toEqual(['/bin/sh', '/completion-job.sh', '/controller-init.sh', '/node-init-container.sh']);
  expect(dropin.config).toMatchObject({ WorkingDir: '/root', Entrypoint: runner.config.Entrypoint });
});

it('the runner runs with a read-only root, without root and capabilities; there is no shell to run', async () => {
  const securityContext = { readOnlyRootFilesystem: true, runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  const ended = await endOf('runner', [
    { name: 'version', image: images.runner.ref, args: ['version'], securityContext },
    { name: 'shell', image: images.runner.ref, command: ['/bin/sh', '-c', 'true'], securityContext },
  ]);
  expect(ended['version']?.exitCode).toBe(0);
  expect(await cluster.podLogs('default', 'runner', 'version')).toMatch(/^hookwave-runner v\d/);
  expect(ended['shell']).toMatchObject({ reason: 'StartError', message: expect.stringMatching(/no such file/) });
});

/** In the place of the bundle: says what it was asked to do, and whether it could. */
const STUB = `
  const { writeFileSync } = require('node:fs');
  writeFileSync('migration-output', '');
  console.log(JSON.stringify({ argv: process.argv.slice(1), uid: process.getuid(), cwd: process.cwd(), home: process.env.HOME, pid: process.pid, main: process.env.CALICO_UPGRADE_CONTAINER }));
`;

it("the drop-in runs upstream's three scripts as root in a home that can be written to, and refuses everything else in one sentence", async () => {
  const allowed = { 'sh-node': ['/bin/sh', '-c', '/node-init-container.sh'], 'sh-controller': ['sh', '-c', '/controller-init.sh'], 'exec-completion': ['/completion-job.sh'] };
  const refused = { other: ['/bin/sh', '-c', 'id'], more: ['/bin/sh', '-c', '/node-init-container.sh && id'], bare: ['/bin/sh'] };
  await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'stub', namespace: 'default' }, data: { 'runner.cjs': STUB } });
  const containers = Object.entries({ ...allowed, ...refused }).map(([name, command]) => ({
    name,
    image: images.dropin.ref,
    command,
    volumeMounts: [{ name: 'stub', mountPath: '/app/runner.cjs', subPath: 'runner.cjs' }],
    terminationMessagePolicy: 'FallbackToLogsOnError',
  }));
  const ended = await endOf('dropin', containers, [{ name: 'stub', configMap: { name: 'stub' } }]);
  const commands = { 'sh-node': 'node-init', 'sh-controller': 'controller-init', 'exec-completion': 'completion-job' };
  for (const [name, command] of Object.entries(commands)) {
    expect({ name, ...JSON.parse(await cluster.podLogs('default', 'dropin', name)) }).toEqual({ name, argv: ['/app/runner.cjs', command], uid: 0, cwd: '/root', home: '/root', pid: 1, main: 'TRUE' });
    expect(ended[name]?.exitCode).toBe(0);
  }
  for (const name of Object.keys(refused)) {
    expect(ended[name], name).toMatchObject({ exitCode: 64, message: expect.stringMatching(/^sh: this image has no shell and refuses ".*"; it runs \/node-init-container\.sh, /) });
  }
});

it("in the place of upstream's image, in upstream's own snippets, the drop-in takes Calico 2.6 to 3.1 with its data: TLS, two guards, completion Job", async () => {
  await cluster.images.load(...(await Promise.all(['v2.6.12', 'v3.1.7', 'v1.11.8', 'v1.0.5'].map(calicoStandIns))).flat());
  const datastore = await startDatastore(cluster, 'tls');
  try {
    await cluster.waitFor('Calico 2.6', async () => String(await nodesAndReleases(cluster)) === 'node-1 v2.6.12 ready');
    const v1 = await datastore.v2.leaves('/calico', 'all');

    await cluster.apply([...withUpstreamSnippets(datastore.manifest('v3'), images.dropin.ref), ...upstreamJob(images.dropin.ref)]);

    const job = await cluster.waitFor('the end of the completion Job', async () => {
      const { status }: Json = await cluster.get('job', 'calico-complete-upgrade', 'kube-system');
      return (status?.succeeded ?? status?.failed) === undefined ? undefined : status;
    }, { seconds: 180 });
    expect(job).toMatchObject({ succeeded: 1 });
    await cluster.waitFor('Calico 3.1', async () => String(await nodesAndReleases(cluster)) === 'node-1 v3.1.7 ready');
    await cluster.waitForRollout('deployment/calico-kube-controllers', 'kube-system');
    expect(await datastore.state()).toEqual({ phase: 'complete', v1Ready: false, datastoreReady: true, version: 'v3.1.7' });
    const migrated = await v3Data(datastore.v3);
    const expected = expectedV3(v1.map(({ path, value }) => ({ path, value })));
    const information = Object.keys(expected).find((key) => key.includes('/clusterinformations/')) ?? '';
    expect({ ...migrated, [information]: undefined }).toEqual({ ...expected, [information]: undefined });

    const [node] = await nodePods(cluster);
    const guard = await cluster.podLogs('kube-system', node.metadata.name, 'migrate');
    expect(guard).toMatch(/=== Contents of \/root\/migration-output\/convertednames ===\n[\s\S]*=== Migration output ===\n[\s\S]*Successfully migrated Calico v1 data to v3 format\./);
    const controllers: Json = (await cluster.get('pods', undefined, 'kube-system')).find(({ metadata }: Json) => metadata.labels?.['k8s-app'] === 'calico-kube-controllers' && !metadata.deletionTimestamp);
    expect(await cluster.podLogs('kube-system', controllers.metadata.name, 'migrate')).toMatch(/No data migration is needed\. Continuing on\.\n$/);
    const completion = await cluster.kubectl(['logs', '-n', 'kube-system', 'job/calico-complete-upgrade']);
    expect(completion).toContain('Successfully completed the upgrade process.');
    expect(completion).toContain("warning: Pods can't be read");
  } finally {
    await datastore.stop();
  }
});

interface End {
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string;
}

/** Runs containers in one Pod to their ends. */
async function endOf(name: string, containers: readonly object[], volumes: readonly object[] = []): Promise<Readonly<Record<string, End>>> {
  await cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers, volumes } });
  return cluster.waitFor(`the end of every container of Pod ${name}`, async () => {
    const statuses: Json[] = (await cluster.get('pod', name, 'default')).status.containerStatuses ?? [];
    const ends = statuses.flatMap((status): [string, End][] => (status.state.terminated ? [[status.name, status.state.terminated]] : []));
    return ends.length === containers.length && Object.fromEntries(ends);
  });
}
