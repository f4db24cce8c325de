import { execFileSync } from 'node:child_process';

import { run } from './run.ts';

/** The services of the cluster; the API server's own is the first address. */
export const serviceCidr = '10.96.0.0/16';

export interface Network {
  readonly bridge: string;
  /** The machine's address on the bridge: where the API server is reached from nodes and from the tests. */
  readonly address: string;
  nodeAddress(index: number): string;
  podCidr(index: number): string;
  /** Plugs the network namespace of a process into the bridge. */
  connect(index: number, pid: number, nodes: number): Promise<void>;
}

/** A bridge of the cluster's own, 10.250.N.0/24. There is no route out: nothing but this machine is ever contacted. */
export async function createNetwork(): Promise<Network> {
  const number = await claimBridge();
  const network: Network = {
    bridge: `hookwave${number}`,
    address: `10.250.${number}.1`,
    nodeAddress: (index) => `10.250.${number}.${10 + index}`,
    podCidr: (index) => `10.244.${index}.0/24`,
    connect: (index, pid, nodes) => connect(network, index, pid, nodes),
  };
  await run('ip', ['addr', 'add', `${network.address}/24`, 'dev', network.bridge]);
  await run('ip', ['link', 'set', network.bridge, 'up']);
  return network;
}

/** Synchronous, because it also runs when the process exits. Veth pairs go with the nodes' namespaces. */
export function deleteBridge(bridge: string): void {
  try {
    execFileSync('ip', ['link', 'del', bridge], { stdio: 'ignore' });
  } catch {
    // gone already
  }
}

/** Creating the device is the claim: the kernel refuses a second one of that name. */
async function claimBridge(): Promise<number> {
  let last: unknown;
  for (let attempt = 0; attempt < 20; attempt++) {
    const number = 1 + Math.floor(Math.random() * 250);
    try {
      await run('ip', ['link', 'add', `hookwave${number}`, 'type', 'bridge']);
      return number;
    } catch (error) {
      last = error;
    }
  }
  throw new Error('cannot create a bridge device: root and the iproute2 package are needed', { cause: last });
}

async function connect(network: Network, index: number, pid: number, nodes: number): Promise<void> {
  const outer = `${network.bridge.replace('hookwave', 'hwv')}-${index}`;
  await run('ip', ['link', 'add', outer, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid)]);
  await run('ip', ['link', 'set', outer, 'master', network.bridge, 'up']);
  const inside = (...args: string[]) => run('nsenter', ['--net', '-t', String(pid), 'ip', ...args]);
  await inside('addr', 'add', `${network.nodeAddress(index)}/24`, 'dev', 'eth0');
  await inside('link', 'set', 'eth0', 'up');
  // Service addresses need some route before iptables rewrites them.
  await inside('route', 'add', 'default', 'via', network.address);
  for (let other = 1; other <= nodes; other++) {
    if (other === index) continue;
    await inside('route', 'add', network.podCidr(other), 'via', network.nodeAddress(other));
  }
}
