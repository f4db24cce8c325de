import { lazyCluster } from '../kube/lazy-cluster.ts';
import { migrate } from '../migrate/commands/migrate.ts';
import { processSurroundings } from '../migrate/commands/process-surroundings.ts';
import { podService } from './context.ts';
import type { HookEnding } from '../migrate/hooks/guard.ts';

/** Commands beside `run`, with upstream's exit codes. Each loads what it needs. */
export const HOOKS = {
  'node-init': async () => (await import('../migrate/hooks/node-init.ts')).nodeInit(surroundings()),
  'controller-init': async () => (await import('../migrate/hooks/controller-init.ts')).controllerInit(surroundings()),
  'completion-job': async () => (await import('../migrate/hooks/completion-job.ts')).completionJob({ ...surroundings(), connect }),
} as const satisfies Readonly<Record<string, () => Promise<HookEnding>>>;

/** Arguments as upstream's command takes them. */
export async function runMigrate(argv: readonly string[]): Promise<{ readonly exitCode: number; readonly words: string }> {
  return { exitCode: await migrate(argv, surroundings()), words: '' };
}

function surroundings(): ReturnType<typeof processSurroundings> {
  return processSurroundings(process, { program: 'hookwave-runner migrate' });
}

async function connect(signal: AbortSignal): Promise<ReturnType<typeof lazyCluster>> {
  return lazyCluster(async () => (await import('../kube/client.ts')).connect({ signal, pod: podService(process.env) }));
}
