/** The sidecar as the patch makes it, in a Pod of its own on a kubelet. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { pluginImage } from '../../cluster/images/plugin-image.ts';
import { part } from '../../cluster/paths.ts';
import { root } from './upgrade-source.ts';

/**
 * Starts container `hookwave` of the patched argocd-repo-server, with the two folders that it shares with Argo CD on this machine.
 * @returns the socket that repo-server would find
 */
export async function startSidecar(cluster: Cluster): Promise<string> {
  const dir = join(cluster.dir, 'sidecar');
  const [varFiles, plugins] = [join(dir, 'var-files'), join(dir, 'plugins')];
  for (const folder of [varFiles, plugins]) mkdirSync(folder, { recursive: true });
  chmodSync(plugins, 0o777);
  copyFileSync(part('argocd'), join(varFiles, 'argocd-cmp-server'));
  const { containers, volumes } = (await patchedRepoServer(cluster, dir)).spec.template.spec;
  const container = containers.find(({ name }: Json) => name === 'hookwave');
  await cluster.images.load(await pluginImage(container.image));
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'sidecar', namespace: 'default' },
    spec: {
      terminationGracePeriodSeconds: 0,
      tolerations: [{ operator: 'Exists' }],
      // Upstream's program knows by its name what it is; the one built for tests is told.
      containers: [{ ...container, env: [{ name: 'ARGOCD_BINARY_NAME', value: 'argocd-cmp-server' }] }],
      volumes: [
        ...volumes.filter(({ name }: Json) => name === 'hookwave-tmp'),
        { name: 'var-files', hostPath: { path: varFiles } },
        { name: 'plugins', hostPath: { path: plugins } },
      ],
    },
  });
  const socket = join(plugins, 'hookwave.sock');
  await cluster.waitFor("the sidecar's socket", () => existsSync(socket));
  return socket;
}

/** What kustomize makes of Argo CD's Deployment, reduced to what the patch relies on. */
async function patchedRepoServer(cluster: Cluster, dir: string): Promise<Json> {
  const labels = { 'app.kubernetes.io/name': 'argocd-repo-server' };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'argocd-repo-server' },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'argocd-repo-server', image: 'argocd' }], volumes: [{ name: 'var-files', emptyDir: {} }, { name: 'plugins', emptyDir: {} }] },
      },
    },
  };
  writeFileSync(join(dir, 'deployment.yaml'), JSON.stringify(deployment));
  writeFileSync(join(dir, 'kustomization.yaml'), JSON.stringify({ resources: ['deployment.yaml'], components: [relative(dir, join(root, 'deploy/argocd'))] }));
  return parse(await cluster.kubectl(['kustomize', '--load-restrictor', 'LoadRestrictionsNone', dir]));
}
