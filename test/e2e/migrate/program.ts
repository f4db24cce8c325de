import { spawn } from 'node:child_process';
import { join } from 'node:path';

const dist = join(import.meta.dirname, '../../../dist');
export const RUNNER = join(dist, 'runner.cjs');
export const CLI = join(dist, 'hookwave.js');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What is typed. */
  readonly input?: string;
}

/** A program as a user starts it: nothing of this process's environment but PATH. */
export function startProgram(program: string, args: readonly string[], { env = {}, cwd, input }: ProgramOptions): { readonly ended: Promise<Ended>; readonly signal: (name: NodeJS.Signals) => void; readonly said: () => string } {
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { PATH: process.env['PATH'] ?? '', ...env } });
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text.out += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (text.err += piece));
  child.stdin.end(input ?? '');
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...text })));
  return { ended, signal: (name) => void child.kill(name), said: () => text.out + text.err };
}

export function runProgram(program: string, args: readonly string[], options: ProgramOptions): Promise<Ended> {
  return startProgram(program, args, options).ended;
}
