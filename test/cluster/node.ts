import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createCgroup } from './cgroups.ts';
import type { ControlPlane } from './control-plane.ts';
import { pauseImage } from './images/pause-image.ts';
import { cniConfig, containerdConfig, kubeletConfig, kubeProxyArguments } from './node-config.ts';
import { clusterFolder, part } from './paths.ts';
import { run } from './run.ts';
import { waitFor } from './wait-for.ts';
import type { Workspace } from './workspace.ts';

export interface Node {
  readonly name: string;
  readonly dir: string;
  /** PID 1 of the node, as the machine sees it. */
  readonly pid: number;
  /** Imports a docker-archive into the node's containerd. */
  loadImage(archive: string): Promise<void>;
  /** Starts kubelet and kube-proxy. */
  join(controlPlane: ControlPlane): void;
}

/** A machine within the machine, with containerd running. `index` starts at 1. */
export async function startNode(workspace: Workspace, index: number, nodes: number): Promise<Node> {
  const name = `node-${index}`;
  const dir = join(workspace.dir, name);
  for (const folder of ['cni', 'containerd', 'kubelet', 'logs']) mkdirSync(join(dir, folder), { recursive: true });
  const cgroup = `${workspace.network.bridge}/${name}`;
  createCgroup(cgroup);
  const pid = await startNamespaces(workspace, name, dir);
  await workspace.network.connect(index, pid, nodes);
  const inside = (program: string, command: string, args: readonly string[]) =>
    workspace.start({
      name: `${name}-${program}`,
      command: 'nsenter',
      args: ['--net', '--mount', '--pid', '-t', String(pid), command, ...args],
    });

  const socket = join(dir, 'containerd.sock');
  const pause = await pauseImage();
  writeFileSync(join(dir, 'cni', '10-bridge.conflist'), cniConfig(dir, workspace.network.podCidr(index)));
  writeFileSync(join(dir, 'containerd.toml'), containerdConfig(dir, socket, pause.ref));
  inside('containerd', 'containerd', ['--config', join(dir, 'containerd.toml')]);
  const ctr = (...args: string[]) => run('ctr', ['-a', socket, '-n', 'k8s.io', ...args]);
  await waitFor(`containerd of ${name}`, () => ctr('version'), { seconds: 30, everyMs: 100 });
  const loadImage = async (archive: string) => void (await ctr('images', 'import', archive));
  await loadImage(pause.archive);

  return {
    name,
    dir,
    pid,
    loadImage,
    join(controlPlane) {
      const kubeconfig = controlPlane.nodeKubeconfig(name);
      const config = join(dir, 'kubelet.json');
      writeFileSync(config, kubeletConfig({ dir, socket, cgroup }));
      const address = workspace.network.nodeAddress(index);
      inside('kubelet', part('kubelet'), [
        `--config=${config}`,
        `--kubeconfig=${kubeconfig}`,
        `--hostname-override=${name}`,
        `--node-ip=${address}`,
        `--root-dir=${join(dir, 'kubelet')}`,
        `--cert-dir=${join(dir, 'kubelet')}`,
      ]);
      inside('kube-proxy', part('kube-proxy'), kubeProxyArguments(controlPlane.kubeconfig, name));
    },
  };
}

async function startNamespaces(workspace: Workspace, name: string, dir: string): Promise<number> {
  const anchor = workspace.start({
    name: `${name}-init`,
    command: 'unshare',
    args: ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', join(clusterFolder, 'node-init'), dir],
  });
  await waitFor(`the namespaces of ${name} (see ${anchor.log})`, () => existsSync(join(dir, 'ready')), { seconds: 20, everyMs: 20 });
  const child = readFileSync(`/proc/${anchor.pid}/task/${anchor.pid}/children`, 'utf8').trim();
  const pid = Number(child.split(' ')[0]);
  workspace.own(pid);
  return pid;
}
