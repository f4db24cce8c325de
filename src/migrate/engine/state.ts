import { isEtcdError } from '../../etcd/errors.ts';
import type { EtcdV3, V3Value } from '../../etcd/v3.ts';
import { MigrationError, type MigrationState } from '../contract.ts';
import { STATE_KEY, STATE_PREFIX } from './keys.ts';
import type { Ownership } from './owner.ts';

/** The state as stored; `owner` is a key of its own. */
export interface StoredState extends Omit<MigrationState, 'owner'> {
  /** etcd v2's index when v1 writers had had their time to stop: what changes later was written by one that ignored the pause. */
  readonly pausedIndex?: number;
}

export interface ReadState {
  readonly state: StoredState;
  readonly modRevision: string;
}

const SCHEMA = 1;

/** An etcd user that is limited to Calico's keys. @throws MigrationError `denied` with the line that grants the right, or the error as it is */
export function asMissingRight(error: unknown): never {
  if (!isEtcdError(error, 'denied') || !error.message.includes('permission denied')) throw error;
  throw new MigrationError('denied', missingRight(), { cause: error });
}

/** @param user as far as it is known */
export function missingRight(user?: string): string {
  return `the etcd user${user ? ` ${user}` : ''} has no right on ${STATE_PREFIX}, where hookwave keeps the state of the migration; grant it to its role: etcdctl role grant-permission ROLE --prefix=true readwrite ${STATE_PREFIX}`;
}

/** @throws MigrationError `config` for the state of a newer hookwave */
export async function readState(v3: EtcdV3): Promise<ReadState> {
  return parseState(await v3.get(STATE_KEY).catch(asMissingRight));
}

/** @throws MigrationError `config` for the state of a newer hookwave */
export function parseState(stored: V3Value | undefined): ReadState {
  if (!stored) return { state: { phase: 'none' }, modRevision: '0' };
  const { schema, ...state } = JSON.parse(stored.value) as StoredState & { schema: number };
  if (schema !== SCHEMA) throw new MigrationError('config', `${STATE_KEY} in etcd has schema ${schema}, this program knows ${SCHEMA}; use the hookwave that began the migration`);
  return { state, modRevision: stored.modRevision };
}

/** As it is stored, changed now. */
export function stateText(state: StoredState): string {
  return JSON.stringify({ schema: SCHEMA, ...state, changedAt: new Date().toISOString() });
}

/**
 * Writes the next state. A repeat of a state that is there already changes nothing.
 * @throws MigrationError `transient` or `held` when the ownership is gone or the state has moved on
 */
export async function writeState(v3: EtcdV3, owner: Ownership, from: ReadState, next: StoredState): Promise<ReadState> {
  const done = await v3.commit({ guards: [owner.guard, { key: STATE_KEY, modRevision: from.modRevision }], puts: [{ key: STATE_KEY, value: stateText(next) }] });
  if (!done) {
    await owner.check();
    throw new MigrationError('transient', `${STATE_KEY} in etcd has changed meanwhile; run it again`);
  }
  return readState(v3);
}
