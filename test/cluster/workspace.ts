import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { removeCgroup } from './cgroups.ts';
import { createNetwork, deleteBridge, type Network } from './network.ts';
import { isAlive, killGroup, type ProcessSpec, type RunningProcess, startProcess } from './processes.ts';

/** What one cluster owns on the machine: a folder, a bridge, a cgroup, processes. All of it goes with `destroy()`. */
export interface Workspace {
  readonly dir: string;
  readonly network: Network;
  readonly processes: RunningProcess[];
  /** Starts a process that ends with the workspace; its log is `logs/<name>.log`. */
  start(spec: Omit<ProcessSpec, 'log'>): RunningProcess;
  /** Another process to kill at the end, such as the PID 1 of a node. */
  own(pid: number): void;
  destroy(): void;
}

interface Owner {
  readonly pid: number;
  readonly bridge: string;
  readonly owned: readonly number[];
}

export async function createWorkspace(): Promise<Workspace> {
  sweep();
  const dir = mkdtempSync(join(tmpdir(), 'hookwave-'));
  mkdirSync(join(dir, 'logs'));
  const network = await createNetwork();
  const processes: RunningProcess[] = [];
  const owned: number[] = [];
  const note = () => writeFileSync(join(dir, 'owner.json'), JSON.stringify({ pid: process.pid, bridge: network.bridge, owned }));
  note();
  let destroyed = false;
  const destroy = () => {
    if (destroyed) return;
    destroyed = true;
    for (const [event, listener] of endings) process.off(event, listener);
    remove(dir, network.bridge, owned);
  };
  const endings = listenForTheEnd(destroy);
  const own = (pid: number) => {
    owned.push(pid);
    note();
  };
  return {
    dir,
    network,
    processes,
    own,
    destroy,
    start(spec) {
      const running = startProcess({ ...spec, log: join(dir, 'logs', `${spec.name}.log`) });
      processes.push(running);
      own(running.pid);
      return running;
    },
  };
}

type Ending = readonly [string, () => void];

function listenForTheEnd(destroy: () => void): Ending[] {
  const endings: Ending[] = [
    ['exit', destroy],
    ...(['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal): Ending => [
      signal,
      () => {
        destroy();
        process.kill(process.pid, signal);
      },
    ]),
  ];
  for (const [event, listener] of endings) process.once(event, listener);
  return endings;
}

/** Clusters of runs that were killed: their processes are dead (PR_SET_PDEATHSIG), the rest is removed here. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith('hookwave-')) continue;
    const dir = join(tmpdir(), name);
    const owner = readOwner(dir);
    if (owner && !isAlive(owner.pid)) remove(dir, owner.bridge, []);
  }
}

function readOwner(dir: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, 'owner.json'), 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** Synchronous, because it also runs when the process exits. The last started goes first. */
function remove(dir: string, bridge: string, owned: readonly number[]): void {
  for (const pid of owned.toReversed()) killGroup(pid);
  for (let tries = 0; tries < 500 && owned.some(isAlive); tries++) sleepSync(10);
  deleteBridge(bridge);
  removeCgroup(bridge);
  if (!process.env['HOOKWAVE_KEEP']) rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
}

function sleepSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
