import type { Cluster } from '../../cluster/cluster.ts';

/** A step whose process stands still in the middle of its phase, so that all the rest can go on around it. */
export interface HeldStep {
  /** Lets it go on; nothing when it has been killed meanwhile. */
  release(): void;
  /** SIGKILL: it does nothing more. */
  kill(): void;
}

/** Waits for the step's process and stops it (SIGSTOP). */
export async function holdStep(cluster: Cluster, step: string, seconds = 500): Promise<HeldStep> {
  const pids = await cluster.waitFor(`a process of ${step} to hold`, async () => {
    const held = cluster.podProcesses(`runner.cjs run ${step} `).filter((pid) => signal(pid, 'SIGSTOP'));
    return held.length > 0 && held;
  }, { seconds, everyMs: 40 });
  const all = (name: NodeJS.Signals) => (): void => pids.forEach((pid) => signal(pid, name));
  return { release: all('SIGCONT'), kill: all('SIGKILL') };
}

/** False when the process is gone. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
