import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

import { type Applications, applicationsOf } from './argocd-applications.ts';
import type { Json } from './cluster.ts';
import type { KubeClient } from './kubectl.ts';
import { cacheFolder, part } from './paths.ts';
import { freePort } from './ports.ts';
import type { RunningProcess } from './processes.ts';
import { waitFor } from './wait-for.ts';
import type { Workspace } from './workspace.ts';

export interface ArgoCdOptions {
  /** Pause after each wave (ARGOCD_SYNC_WAVE_DELAY). @default 2, Argo CD's own default */
  readonly waveDelaySeconds?: number;
  /** How often every Application is looked at without an event. @default 20 */
  readonly resyncSeconds?: number;
  /** A config management plugin; its cmp-server runs beside the repo-server. @default none */
  readonly plugin?: PluginOptions;
}

export interface PluginOptions {
  /** Folder that holds plugin.yaml. */
  readonly config: string;
  /** Folder that comes first in the plugin's PATH: the programs that plugin.yaml names. */
  readonly bin: string;
}

/** Argo CD in the namespace `argocd`, with a permissive AppProject `default`. */
export interface ArgoCd extends Applications {
  /** Folder of the plugins' sockets: `<plugin>.sock`. */
  readonly plugins: string;
  readonly controller: {
    /** SIGKILL of the application-controller. */
    kill(): Promise<void>;
    /** @param flags beside those of every start, until the next one */
    start(...flags: readonly string[]): Promise<void>;
  };
}

/** Argo CD 3.2.11: redis, repo-server and application-controller, run outside the cluster. */
export async function startArgoCd(workspace: Workspace, client: KubeClient, kubeconfig: string, options: ArgoCdOptions): Promise<ArgoCd> {
  const dir = join(workspace.dir, 'argocd');
  for (const folder of ['tls', 'ssh', 'gnupg', 'gpg', 'plugins', 'tmp', 'redis', 'bin']) mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(join(dir, 'ssh/ssh_known_hosts'), '');
  symlinkSync(part('helm3'), join(dir, 'bin/helm'));
  const redis = await freePort();
  const repoServer = await freePort();
  const [repoMetrics, controllerMetrics] = [await freePort(), await freePort()];
  const start = (program: string, args: readonly string[]) =>
    workspace.start({ name: program, command: part('argocd'), args, env: { ...environment(dir, kubeconfig, options), ARGOCD_BINARY_NAME: program } });

  workspace.start({
    name: 'redis',
    command: 'redis-server',
    args: ['--port', String(redis), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', join(dir, 'redis')],
  });
  await installManifests(client);
  if (options.plugin) await startPlugin(workspace, dir, options.plugin);
  start('argocd-repo-server', [
    '--disable-tls', '--redis', `127.0.0.1:${redis}`, '--address', '127.0.0.1', '--port', String(repoServer),
    '--metrics-address', '127.0.0.1', '--metrics-port', String(repoMetrics), '--loglevel', 'warn',
  ]);
  let running: RunningProcess;
  const controller: ArgoCd['controller'] = {
    kill: () => running.kill(),
    async start(...flags) {
      running = start('argocd-application-controller', [
        '--namespace', 'argocd', '--repo-server', `127.0.0.1:${repoServer}`, '--repo-server-plaintext',
        '--redis', `127.0.0.1:${redis}`, '--app-resync', String(options.resyncSeconds ?? 20), '--app-resync-jitter', '0', '--persist-resource-health',
        '--metrics-port', String(controllerMetrics), '--loglevel', 'info', ...flags,
      ]);
    },
  };
  await controller.start();
  await waitFor("Argo CD's repo-server", () => canConnect(repoServer), { everyMs: 100 });
  return { controller, plugins: join(dir, 'plugins'), ...applicationsOf(client) };
}

/** The cmp-server of a sidecar, as a process. */
async function startPlugin(workspace: Workspace, dir: string, { config, bin }: PluginOptions): Promise<void> {
  workspace.start({
    name: 'argocd-cmp-server',
    command: part('argocd'),
    args: ['--config-dir-path', config],
    env: {
      ARGOCD_BINARY_NAME: 'argocd-cmp-server',
      ARGOCD_PLUGINSOCKFILEPATH: join(dir, 'plugins'),
      ARGOCD_CMP_WORKDIR: join(dir, 'tmp'),
      PATH: `${bin}:${process.env['PATH']}`,
    },
  });
  await waitFor("the plugin's socket", () => readdirSync(join(dir, 'plugins')).some((name) => name.endsWith('.sock')), { everyMs: 100 });
}

function environment(dir: string, kubeconfig: string, options: ArgoCdOptions): Record<string, string> {
  return {
    KUBECONFIG: kubeconfig,
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_TLS_DATA_PATH: join(dir, 'tls'),
    ARGOCD_SSH_DATA_PATH: join(dir, 'ssh'),
    ARGOCD_GNUPGHOME: join(dir, 'gnupg'),
    ARGOCD_GPG_DATA_PATH: join(dir, 'gpg'),
    ARGOCD_PLUGINSOCKFILEPATH: join(dir, 'plugins'),
    ARGOCD_SYNC_WAVE_DELAY: String(options.waveDelaySeconds ?? 2),
    TMPDIR: join(dir, 'tmp'),
    // The repo-server calls `helm`, and Argo CD 3.2 ships Helm 3.
    PATH: `${join(dir, 'bin')}:${process.env['PATH']}`,
  };
}

async function installManifests(client: KubeClient): Promise<void> {
  // Without ApplicationSets: nothing here reads them, and their definition is three quarters of the text.
  await client.apply([...upstream('crds/application-crd.yaml'), ...upstream('crds/appproject-crd.yaml'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } }], installer);
  const config = readdirSync(join(cacheFolder(), 'argo-cd-manifests/config')).filter((file) => file !== 'kustomization.yaml');
  await client.apply(config.flatMap((file) => upstream(`config/${file}`)).map((object) => ({ ...object, metadata: { ...object.metadata, namespace: 'argocd' } })), installer);
  // The new kinds are served a moment after their CRDs were accepted.
  await waitFor("Argo CD's kinds", async () => (await Promise.all(['applications', 'appprojects'].map((name) => client.get('customresourcedefinitions', `${name}.argoproj.io`)))).every(isEstablished), { everyMs: 100 });
  await waitFor('the AppProject', async () => {
    await client.apply(permissiveProject);
    return client.get('applications.argoproj.io', undefined, 'argocd');
  }, { seconds: 30 });
}

/** Not the manager of the tests: what a test applies to argocd-cm must not take away what it leaves out. */
const installer = { fieldManager: 'argocd-installer' };

function upstream(file: string): Json[] {
  return parseAllDocuments(readFileSync(join(cacheFolder(), 'argo-cd-manifests', file), 'utf8')).map((document) => document.toJS() as Json);
}

const isEstablished = ({ status }: Json): boolean => status?.conditions?.some(({ type, status: value }: Json) => type === 'Established' && value === 'True');

const everything = [{ group: '*', kind: '*' }];
const permissiveProject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'default', namespace: 'argocd' },
  spec: {
    sourceRepos: ['*'],
    destinations: [{ namespace: '*', server: '*' }],
    clusterResourceWhitelist: everything,
    namespaceResourceWhitelist: everything,
  },
};

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
