import { keepAudit } from './audit.ts';
import { type ArgoCd, type ArgoCdOptions, startArgoCd } from './argocd.ts';
import type { Cluster } from './cluster.ts';
import { startControlPlane } from './control-plane.ts';
import { dumpLogs } from './dump-logs.ts';
import { kubectlFor } from './kubectl.ts';
import { type Node, startNode } from './node.ts';
import { podProcesses } from './pod-processes.ts';
import { waitFor } from './wait-for.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

export interface ClusterOptions {
  /** Nodes with a real kubelet and containerd. @default 0 */
  readonly kubelets?: number;
  /** Argo CD's repo-server and application-controller with redis. @default false */
  readonly argocd?: boolean | ArgoCdOptions;
  /** Controllers of the controller-manager that stay off, so that a test can play them. @default none */
  readonly withoutControllers?: readonly string[];
  /** A second API server to pass groups on to. @default false */
  readonly extension?: boolean;
}

/** Starts a cluster of real parts and resolves when nodes are ready and Argo CD is running. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const workspace = await createWorkspace();
  try {
    return await start(workspace, options);
  } catch (error) {
    await dumpLogs(workspace);
    workspace.destroy();
    throw error;
  }
}

async function start(workspace: Workspace, options: ClusterOptions): Promise<Cluster> {
  const count = options.kubelets ?? 0;
  const indexes = Array.from({ length: count }, (_, index) => index + 1);
  const names = indexes.map((index) => `node-${index}`);
  const [controlPlane, nodes] = await Promise.all([
    startControlPlane(workspace, names, { extension: options.extension ?? false }),
    Promise.all(indexes.map((index) => startNode(workspace, index, count))),
  ]);
  controlPlane.startControllers(options.withoutControllers ?? []);
  for (const node of nodes) node.join(controlPlane);
  const { kubeconfig, apiserver, extension } = controlPlane;
  const client = kubectlFor(kubeconfig, workspace.dir);

  const argocdOptions = options.argocd === true ? {} : options.argocd;
  let argocd: ArgoCd | undefined;
  if (argocdOptions) argocd = await startArgoCd(workspace, client, kubeconfig, argocdOptions);
  await waitUntilUsable(client, names);

  return {
    ...client,
    dir: workspace.dir,
    kubeconfig,
    nodes: names,
    apiserver,
    get extension() {
      if (!extension) throw new Error('this cluster has no second API server: startCluster({ extension: true })');
      return extension;
    },
    images: {
      load: (...images) => loadImages(nodes, images),
      loadOn: (name, ...images) => loadImages(nodes.filter((node) => node.name === name), images),
    },
    get argocd() {
      if (!argocd) throw new Error('this cluster has no Argo CD: startCluster({ argocd: true })');
      return argocd;
    },
    waitFor,
    podProcesses: (text) => podProcesses(workspace.network.bridge, text),
    dumpLogs: () => dumpLogs(workspace, client),
    async stop() {
      keepAudit(apiserver, workspace.dir);
      workspace.destroy();
    },
  };
}

async function loadImages(nodes: readonly Node[], images: readonly { readonly archive: string }[]): Promise<void> {
  const archives = [...new Set(images.map((image) => image.archive))];
  await Promise.all(
    nodes.map(async (node) => {
      for (const archive of archives) await node.loadImage(archive);
    }),
  );
}

/** Pods need the namespace's ServiceAccount and a ready node without the not-ready taint. */
async function waitUntilUsable(client: ReturnType<typeof kubectlFor>, nodes: readonly string[]): Promise<void> {
  await waitFor('the default ServiceAccount', () => client.get('serviceaccount', 'default', 'default'), { everyMs: 200 });
  for (const name of nodes) {
    await waitFor(`${name} to be ready`, async () => {
      const node = await client.get('node', name);
      const ready = node?.status?.conditions?.some((condition: { type: string; status: string }) => condition.type === 'Ready' && condition.status === 'True');
      return ready && !node.spec.taints;
    });
  }
}
