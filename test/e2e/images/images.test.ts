import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import type { Image } from '../../cluster/images/archive.ts';
import { contentsOf } from '../../cluster/images/contents.ts';
import { dockerfileImages } from '../../cluster/images/dockerfile.ts';
import { pluginImage } from '../../cluster/images/plugin-image.ts';
import { runnerImage } from '../../cluster/images/runner-image.ts';
import { startCluster } from '../../cluster/start-cluster.ts';

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
