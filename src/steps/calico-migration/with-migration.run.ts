import { EtcdError } from '../../etcd/errors.ts';
import { datastores } from '../../migrate/config/datastores.ts';
import { ConfigError } from '../../migrate/config/problems.ts';
import { readFile } from '../../migrate/config/read-file.ts';
import { type Migration, MigrationError } from '../../migrate/contract.ts';
import { mayPass } from '../../migrate/transient.ts';
import type { StepContext, StepResult } from '../step.ts';

/** Steps have deadlines of their own, and say what they wait for. */
const CALL_TIMEOUT_MS = 10_000;

/** Runs `work` on the migration that the environment describes. What etcd, the configuration or the engine refuse becomes the step's result. */
export async function withMigration(context: StepContext, work: (migration: Migration) => Promise<StepResult>): Promise<StepResult> {
  try {
    const migration = await openMigration(context);
    try {
      return await work(migration);
    } finally {
      await migration.close();
    }
  } catch (error) {
    const result = context.signal.aborted ? undefined : resultOf(error);
    if (!result) throw error;
    return result;
  }
}

async function openMigration({ environment: env = {}, pod, report }: StepContext): Promise<Migration> {
  const found = await datastores({ env, readFile });
  for (const warning of found.warnings) report.event('configuration', warning, { level: 'warn' });
  if (found.is === 'kubernetes') throw new MigrationError('config', 'the environment names the Kubernetes datastore, and this recipe moves data of etcd; calico-node of v3 converts those in Kubernetes itself when it starts');
  const { etcdMigration } = await import('../../migrate/engine/etcd-migration.ts');
  return etcdMigration({ v1: found.v1, v3: found.v3, name: pod ? `${pod.namespace}/${pod.name}` : 'a step of hookwave', callTimeoutMs: CALL_TIMEOUT_MS });
}

/** `undefined` for an error of somebody else. */
export function resultOf(error: unknown): Extract<StepResult, { outcome: 'failed' }> | undefined {
  if (error instanceof ConfigError) return { outcome: 'failed', exitCode: 10, message: error.message, next: "mend the ConfigMap and the Secrets that the spec's etcd section names, then sync again" };
  if (!(error instanceof EtcdError) && !(error instanceof MigrationError)) return undefined;
  const exitCode = mayPass(error) ? 20 : 10;
  return { outcome: 'failed', exitCode, message: error.message, next: exitCode === 20 ? 'run it again' : 'do what the message says, then sync again' };
}
