import { hostname, tmpdir } from 'node:os';
import { readFile } from '../config/read-file.ts';
import { lineProgress } from './line-progress.ts';
import type { Surroundings } from './surroundings.ts';

type Host = Pick<NodeJS.Process, 'env' | 'stdin' | 'stdout' | 'stderr' | 'cwd' | 'on'>;

/** The surroundings of a real process. @param host the process */
export function processSurroundings(host: Host, { program, progress }: { readonly program: string; readonly progress?: Pick<Surroundings, 'progress' | 'progressEnd'> }): Surroundings {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) host.on(signal, () => stop.abort(new Error(`interrupted by ${signal}`)));
  const err = (text: string): void => void host.stderr.write(text);
  return {
    env: host.env,
    readFile,
    signal: stop.signal,
    cwd: folderOf(host),
    tmpdir: tmpdir(),
    hostname: hostname(),
    program,
    out: (text) => void host.stdout.write(text),
    err,
    ask: () => firstLine(host),
    ...(progress ?? lineProgress(err)),
  };
}

/** A process whose folder was removed has none. */
function folderOf(host: Host): string | undefined {
  try {
    return host.cwd();
  } catch {
    return undefined;
  }
}

async function firstLine({ stdin }: Host): Promise<string | undefined> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: stdin });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => resolve(undefined));
  });
}
