import { isForbidden } from '../../kube/errors.ts';
import { systemClock } from '../../kube/system-clock.ts';
import type { PodService } from '../../kube/service-account.ts';
import type { KubernetesAccess } from '../config/kubernetes.ts';
import { type Migration, MigrationError } from '../contract.ts';
import { newIdentity } from '../identity.ts';
import { abort } from './abort.ts';
import { asMigrationError } from './api-errors.ts';
import { complete } from './complete.ts';
import { type Connection, connectTo } from './connect.ts';
import type { Engine } from './engine.ts';
import { lookAtOwner } from './liveness.ts';
import { missingRights } from './rights.ts';
import { start } from './start.ts';
import { readStatus } from './status.ts';
import { validate } from './validate.ts';

export interface KubernetesMigrationOptions {
  /** Who writes, for people who look at the record: Pod and node. */
  readonly name: string;
  /** @default not in a Pod */
  readonly pod?: PodService | undefined;
  /** How long one call is tried, milliseconds. @default 10000 */
  readonly callTimeoutMs?: number;
}

/**
 * A migration within a Kubernetes datastore: settings of Felix and BGP and the BGP peers of Nodes become objects of v3; all else is in the form of v3 already.
 * Nothing is contacted before the first call.
 */
export function kubernetesMigration(access: KubernetesAccess, { name, pod, callTimeoutMs = 10_000 }: KubernetesMigrationOptions): Migration {
  const identity = newIdentity(name);
  const closed = new AbortController();
  let opened: Promise<Connection & { readonly engine: Engine }> | undefined;
  const open = async (): Promise<Connection & { readonly engine: Engine }> => {
    const connection = await connectTo(access, { pod, callTimeoutMs });
    const { cluster } = connection;
    return { ...connection, engine: { cluster, identity, clock: systemClock, look: lookAtOwner(cluster, identity.id, systemClock, closed.signal) } };
  };
  const call = async <T>(work: (engine: Engine) => Promise<T>): Promise<T> => {
    try {
      return await work((await (opened ??= open())).engine);
    } catch (error) {
      throw asMigrationError(error);
    }
  };
  return {
    status: () => call(({ cluster, look }) => readStatus(cluster, look)),
    dryRun: (options) =>
      call(async ({ cluster }) => {
        const stateDenied = await missingRights(cluster);
        const { sourceVersion: _, ...validation } = await validate(cluster, options).catch((error: unknown) => {
          throw isForbidden(error) && stateDenied !== undefined ? new MigrationError('denied', stateDenied, { cause: error }) : error;
        });
        return { ...validation, ...(stateDenied !== undefined && { stateDenied }) };
      }),
    start: (options) => call((engine) => start(engine, options)),
    complete: (options) => call((engine) => complete(engine, options)),
    abort: (options) => call((engine) => abort(engine, options)),
    async close() {
      closed.abort();
      await opened?.then((connection) => connection.close(), () => undefined);
    },
  };
}
