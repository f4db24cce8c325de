import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figures } from './number.ts';

export interface Command {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** @default 0 */
  readonly exit?: number;
  /** Folders that the command sees in the place of others, as a Pod sees its volumes. Needs root. */
  readonly mounts?: Readonly<Record<string, string>>;
}

export interface Pair {
  readonly ours: Figures;
  readonly peer: Figures;
  /** Medians of the ratios of each pair of runs: what a machine that is slow for a while does to both cancels out. */
  readonly ratio: Figures;
}

/** Runs two commands in turn, after one run of each that does not count. */
export async function measurePair(ours: Command, peer: Command, options: { readonly runs: number; readonly folder: string }): Promise<Pair> {
  const [pair] = await measureTurns([ours, peer], options);
  if (!pair) throw new Error('nothing was measured');
  return pair;
}

/** Runs ours and all peers in turn; a pair for each peer. */
export async function measureTurns([ours, ...peers]: readonly [Command, ...Command[]], { runs, folder }: { readonly runs: number; readonly folder: string }): Promise<readonly Pair[]> {
  const taken: Figures[][] = [ours, ...peers].map(() => []);
  for (let turn = 0; turn <= runs; turn++) {
    for (const [index, command] of [ours, ...peers].entries()) {
      const figures = await measureOnce(command, folder);
      if (turn > 0) taken[index]!.push(figures);
    }
  }
  const [own = [], ...others] = taken;
  return others.map((other) => ({ ours: medians(own), peer: medians(other), ratio: medians(own.map((figures, index) => divide(figures, other[index]!))) }));
}

/** bash counts times in milliseconds, GNU time the memory of the largest process. */
export async function measureOnce({ argv, cwd, env, exit = 0, mounts = {} }: Command, folder: string): Promise<Figures> {
  const files = { times: join(folder, '.times'), memory: join(folder, '.memory'), errors: join(folder, '.errors') };
  const mount = Object.entries(mounts).map(([target, source]) => `mkdir -p ${target} && mount --bind ${source} ${target} && `).join('');
  const script = `${mount}{ time /usr/bin/time -q -f %M -o ${files.memory} "$@" >/dev/null 2>${files.errors}; } 2>${files.times}`;
  const code = await endOf(spawn(mount === '' ? 'bash' : 'unshare', [...(mount === '' ? [] : ['--mount', 'bash']), '-c', script, 'bash', ...argv], { cwd, env: { ...process.env, ...env, TIMEFORMAT: '%3R %3U %3S' }, stdio: 'ignore' }));
  if (code !== exit) throw new Error(`${argv.join(' ')} ended with ${code} instead of ${exit}: ${(await readFile(files.errors, 'utf8')).slice(-1000)}`);
  const [wall = 0, user = 0, system = 0] = (await readFile(files.times, 'utf8')).trim().split(' ').map((seconds) => Number(seconds) * 1000);
  return { wallMs: wall, cpuMs: user + system, rssMiB: Number(await readFile(files.memory, 'utf8')) / 1024 };
}

function endOf(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', (code) => resolve(code)));
}

export function medians(all: readonly Figures[]): Figures {
  return { wallMs: median(all.map(({ wallMs }) => wallMs)), cpuMs: median(all.map(({ cpuMs }) => cpuMs)), rssMiB: median(all.map(({ rssMiB }) => rssMiB)) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function divide(ours: Figures, peer: Figures): Figures {
  return { wallMs: ours.wallMs / peer.wallMs, cpuMs: ours.cpuMs / peer.cpuMs, rssMiB: ours.rssMiB / peer.rssMiB };
}
