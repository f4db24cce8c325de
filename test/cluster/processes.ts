import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Both streams are appended to this file. */
  readonly log: string;
}

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  readonly log: string;
  /** What it ended with, undefined while it runs. */
  ended(): string | undefined;
  /** SIGKILL for its whole process group; resolves when it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts a program in a process group of its own. The kernel kills it (PR_SET_PDEATHSIG) when the test process dies in
 * whatever way, so nothing outlives a crashed run.
 */
export function startProcess(spec: ProcessSpec): RunningProcess {
  const log = openSync(spec.log, 'a');
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', spec.command, ...spec.args], {
    detached: true,
    env: { ...process.env, ...spec.env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  if (child.pid === undefined) throw new Error(`cannot start ${spec.name}: is setpriv (util-linux) installed?`);
  const pid = child.pid;
  let ended: string | undefined;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = signal ?? `exit code ${code}`;
      resolve();
    });
  });
  child.unref();
  return {
    name: spec.name,
    pid,
    log: spec.log,
    ended: () => ended,
    async kill() {
      killGroup(pid);
      await gone;
    },
  };
}

/** SIGKILL for a process group; no error when it is gone already. */
export function killGroup(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // gone already
    }
  }
}

/** True while the process runs; a zombie doesn't count. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}
