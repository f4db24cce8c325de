import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly stdin?: string | undefined;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end and returns its standard output; throws with its standard error when it fails. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: { ...process.env, ...options.env } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => undefined); // a program may end before it has read everything
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(out).toString());
      const shown = [command, ...args].join(' ').slice(0, 400);
      reject(new Error(`${shown}: ${signal ?? `exit code ${code}`}\n${Buffer.concat(err).toString().trim()}`));
    });
    child.stdin.end(options.stdin ?? '');
  });
}
