import { type EtcdAccess } from '../../etcd/access.ts';
import { connectV2 } from '../../etcd/v2.ts';
import { connectV3 } from '../../etcd/v3.ts';
import type { Migration } from '../contract.ts';
import { newIdentity } from '../identity.ts';
import { readStatus } from './status.ts';

export interface EtcdMigrationOptions {
  readonly v1: EtcdAccess;
  readonly v3: EtcdAccess;
  /** Who writes, for people who look at the owner key: Pod and node. */
  readonly name: string;
  /** Deadline of one call, milliseconds. @default 30000 */
  readonly callTimeoutMs?: number;
}

/**
 * A migration from etcd's v2 keys to v3; both may be one etcd. Nothing is contacted before the first call. What only a change needs is loaded for it: a guard
 * with nothing to do asks for the status, on every node and at every start of a Pod.
 */
export function etcdMigration({ v1, v3: v3Access, name, ...options }: EtcdMigrationOptions): Migration {
  const v2 = connectV2(v1, options);
  const v3 = connectV3(v3Access, options);
  const identity = newIdentity(name);
  return {
    status: () => readStatus(v2, v3),
    async dryRun(wanted) {
      const { probeState, validate } = await import('./dry-run.ts');
      const { sourceVersion: _, ...validation } = await validate(v2, v3, wanted);
      const stateDenied = await probeState(v3, v3Access.username);
      return { ...validation, ...(stateDenied !== undefined && { stateDenied }) };
    },
    start: async (wanted) => (await import('./start.ts')).start(v2, v3, identity, wanted),
    complete: async (wanted) => (await import('./complete.ts')).complete(v3, identity, wanted),
    abort: async (wanted) => (await import('./abort.ts')).abort(v2, v3, identity, wanted),
    async close() {
      v2.close();
      v3.close();
    },
  };
}
