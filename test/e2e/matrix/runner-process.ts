import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const runner = join(import.meta.dirname, '../../../dist/runner.cjs');

export interface RunOptions {
  readonly args: readonly string[];
  /** Of the step's own account, at the proxy. */
  readonly kubeconfig: string;
  /** Of the Pod. */
  readonly namespace: string;
  /** What else the Pod's environment holds. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds by which the clock jumps at the first change. */
  readonly clockJump?: number;
}

export interface RunnerProcess {
  kill(): void;
  /** SIGTERM, as the kubelet sends it to a Pod that is deleted. */
  terminate(): void;
  /** Lets the clock jump; resolves when it has, or at the end of the process. A second time changes nothing. */
  jump(): Promise<void>;
  readonly ended: Promise<Ending>;
}

export interface Ending {
  /** `undefined` when it was killed. */
  readonly code: number | undefined;
  /** The events it wrote. */
  readonly output: string;
}

/** The runner as a Pod would run it: the bundle, its arguments, an identity that no other run has. */
export function startRunner({ args, kubeconfig, namespace, env: more = {}, clockJump }: RunOptions): RunnerProcess {
  const uid = randomUUID();
  const preload = clockJump === undefined ? [] : ['--require', join(import.meta.dirname, 'clock-jump.cjs')];
  const env = { PATH: process.env['PATH'] ?? '', KUBECONFIG: kubeconfig, POD_NAME: `matrix-${uid.slice(0, 8)}`, POD_NAMESPACE: namespace, POD_UID: uid, JOB_NAME: 'matrix', ...more, ...(clockJump === undefined ? {} : { CLOCK_JUMP_MS: String(clockJump) }) };
  const child = spawn(process.execPath, [...preload, runner, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  const jumped = new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk: Buffer) => {
      output.push(chunk);
      if (chunk.includes('Date has moved')) resolve();
    });
    child.on('close', resolve);
  });
  const ended = new Promise<Ending>((resolve) => {
    child.on('close', (code) => resolve({ code: code ?? undefined, output: Buffer.concat(output).toString() }));
  });
  const jump = (): Promise<void> => {
    child.kill('SIGUSR2');
    return jumped;
  };
  return { kill: () => void child.kill('SIGKILL'), terminate: () => void child.kill('SIGTERM'), jump, ended };
}
