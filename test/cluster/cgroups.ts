import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = '/sys/fs/cgroup';

/** Creates a cgroup (such as `hookwave7/node-1`) in every hierarchy: the kubelet wants its root to exist. */
export function createCgroup(name: string): void {
  for (const hierarchy of hierarchies()) {
    let folder = hierarchy;
    for (const element of name.split('/')) {
      const parent = folder;
      folder = join(parent, element);
      mkdirSync(folder, { recursive: true });
      inherit(parent, folder);
    }
  }
}

/** Removes a cgroup and all below it. Its processes must be gone. */
export function removeCgroup(name: string): void {
  for (const hierarchy of hierarchies()) removeTree(join(hierarchy, name));
}

function hierarchies(): string[] {
  if (existsSync(join(root, 'cgroup.controllers'))) return [root];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(root, entry.name));
}

/** A new cpuset (v1) is empty and would refuse processes; controllers (v2) must be handed down. */
function inherit(parent: string, folder: string): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    if (parent.startsWith(join(root, 'cpuset')) && existsSync(join(folder, file))) {
      writeFileSync(join(folder, file), readFileSync(join(parent, file)));
    }
  }
  if (existsSync(join(parent, 'cgroup.controllers')) && parent.startsWith(root) && !parent.includes('unified')) {
    const controllers = readFileSync(join(parent, 'cgroup.controllers'), 'utf8').trim().split(' ').filter(Boolean);
    writeFileSync(join(parent, 'cgroup.subtree_control'), controllers.map((name) => `+${name}`).join(' '));
  }
}

function removeTree(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  }
  try {
    rmdirSync(folder);
  } catch {
    // a process is just dying; the next run sweeps it away
  }
}
