import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { part } from '../../cluster/paths.ts';
import { run } from '../../cluster/run.ts';
import { startCluster } from '../../cluster/start-cluster.ts';
import { apiOf, collection, type Api, type Plural } from './api.ts';
import { exampleImage } from './examples.ts';

export interface HelmCluster {
  api(): Api;
  cluster(): Cluster;
}

/** A chart of one template as a release of its own, in a namespace of the same name. */
export interface HelmTrial {
  /** Standard output, or what Helm said when it failed, after `Error: `. */
  helm(command: 'install' | 'upgrade' | 'template', text: string, ...flags: readonly string[]): Promise<string>;
  /** Puts a definition into the chart's crds/. */
  crds(text: string): Promise<void>;
  /** Hooks of the release, as Helm has read them. */
  hooks(): Promise<readonly Json[]>;
  manifest(): Promise<string>;
  get(plural: Plural, name: string): Promise<Json>;
  list(plural: Plural): Promise<readonly Json[]>;
  patch(plural: Plural, name: string, change: object): Promise<void>;
  /** Deletes an object while something may wait for it. */
  remove(plural: Plural, name: string): Promise<void>;
}

/** One cluster with a kubelet for all trials of the file. */
export function useHelmCluster(): HelmCluster {
  let cluster: Cluster;
  let api: Api;
  dumpLogsOnFailure(() => cluster);
  beforeAll(async () => {
    cluster = await startCluster({ kubelets: 1 });
    api = await apiOf(cluster.kubeconfig);
    await cluster.images.load(await exampleImage());
  });
  afterAll(() => cluster?.stop());
  return { api: () => api, cluster: () => cluster };
}

export async function helmTrial({ api, cluster }: HelmCluster, major: 3 | 4, name: string): Promise<HelmTrial> {
  const namespace = `${name}-helm${major}`;
  const chart = join(cluster().dir, 'charts', namespace, 'example');
  const home = join(cluster().dir, `helm${major}`);
  const env = { KUBECONFIG: cluster().kubeconfig, HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home };
  const helm = (...args: readonly string[]): Promise<string> => run(part(`helm${major}`), [...args, '--namespace', namespace], { env });
  await mkdir(join(chart, 'templates'), { recursive: true });
  await writeFile(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: example\nversion: 1.0.0\n');
  await api().send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  return {
    async helm(command, text, ...flags) {
      await writeFile(join(chart, 'templates/all.yaml'), text);
      return helm(command, 'example', chart, ...(command === 'template' ? [] : ['--timeout', '40s']), ...flags).catch((error: Error) => `Error: ${error.message}`);
    },
    async crds(text) {
      await mkdir(join(chart, 'crds'), { recursive: true });
      await writeFile(join(chart, 'crds/all.yaml'), text);
    },
    hooks: async () => JSON.parse(await helm('status', 'example', '-o', 'json')).hooks ?? [],
    manifest: () => helm('get', 'manifest', 'example'),
    get: (plural, object) => api().get(`${collection(plural, namespace)}/${object}`),
    list: async (plural) => (await api().get(collection(plural, namespace))).items,
    patch: async (plural, object, change) => void (await api().send('PATCH', `${collection(plural, namespace)}/${object}`, change)),
    remove: async (plural, object) => void (await api().send('DELETE', `${collection(plural, namespace)}/${object}`, { propagationPolicy: 'Background' })),
  };
}
