import { EtcdError } from '../etcd/errors.ts';
import { MigrationError } from './contract.ts';

/** Whether the same call may go well in a moment: the datastore was away, or changed under our hands. */
export function isTransient(error: unknown): boolean {
  if (error instanceof EtcdError || error instanceof MigrationError) return isTransientReason(error.reason);
  // By name, so that a hook on etcd does not load the Kubernetes client.
  return error instanceof Error && error.name === 'ApiUnavailable';
}

/** As `isTransient`; and another owner at work may come to its end. */
export function mayPass(error: unknown): boolean {
  return isTransient(error) || (error instanceof MigrationError && error.reason === 'held');
}

/** Of an error as `--output json` prints it. */
export function isTransientReason(reason: string | undefined): boolean {
  return reason !== undefined && TRANSIENT.includes(reason);
}

const TRANSIENT: readonly string[] = ['unreachable', 'lost', 'expired', 'transient'] satisfies readonly (EtcdError['reason'] | MigrationError['reason'])[];
