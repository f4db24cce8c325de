import { isDeepStrictEqual } from 'node:util';
import type { Cluster, KubeObject } from '../../kube/cluster.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../../kube/errors.ts';
import { CONFIG_MAPS } from '../../kube/resources.ts';
import { MigrationError, type MigrationState } from '../contract.ts';
import type { Owner } from '../identity.ts';

/** One object for state and owner: whoever writes the state proves by its resourceVersion that nobody has taken the ownership since. */
export const RECORD = { name: 'hookwave-calico-migration', namespace: 'kube-system' } as const;

export interface KubernetesState extends Omit<MigrationState, 'owner'> {
  /** v3 objects, as `Kind/name`, that were not there before this attempt or the aborted one before it: an abort removes them. */
  readonly made?: readonly string[];
}

/** Who writes now. Alive as long as it changes: clocks of different machines are not compared. */
export interface RenewedOwner extends Owner {
  /** Grows with every write of this owner. */
  readonly renewals: number;
}

export interface MigrationRecord {
  readonly state: KubernetesState;
  readonly owner?: RenewedOwner;
  /** As read; absent when there is none. */
  readonly stored?: StoredRecord;
}

interface StoredRecord extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const SCHEMA = 1;
const WHERE = `ConfigMap ${RECORD.namespace}/${RECORD.name}`;

/** @throws MigrationError `config` for a record that can't be read, or of a newer hookwave */
export async function readRecord(cluster: Cluster): Promise<MigrationRecord> {
  const stored = await cluster.get<StoredRecord>(CONFIG_MAPS, RECORD.name, RECORD.namespace);
  return stored ? parse(stored) : { state: { phase: 'none' } };
}

/** `undefined` when somebody has written it since it was read. */
export async function writeRecord(cluster: Cluster, { stored }: MigrationRecord, { state, owner }: Pick<MigrationRecord, 'state' | 'owner'>): Promise<MigrationRecord | undefined> {
  const data = { state: JSON.stringify({ schema: SCHEMA, ...state }), ...(owner && { owner: JSON.stringify(owner) }) };
  try {
    return parse(stored ? await cluster.replace(CONFIG_MAPS, { ...stored, data }) : await cluster.create(CONFIG_MAPS, { ...NEW, data }));
  } catch (error) {
    if (!isConflict(error) && !isAlreadyExists(error) && !isNotFound(error)) throw error;
    // A write whose answer is lost is repeated, and meets itself.
    const found = await readRecord(cluster);
    return isDeepStrictEqual(found.stored?.data, data) ? found : undefined;
  }
}

const NEW: StoredRecord = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...RECORD, labels: { 'app.kubernetes.io/managed-by': 'hookwave' } } };

function parse(stored: StoredRecord): MigrationRecord {
  const { schema, ...state } = read<KubernetesState & { readonly schema?: number }>(stored, 'state') ?? { schema: SCHEMA, phase: 'none' as const };
  if (schema !== SCHEMA) throw new MigrationError('config', `${WHERE} has schema ${schema}, this program knows ${SCHEMA}; use the hookwave that began the migration`);
  const owner = read<RenewedOwner>(stored, 'owner');
  return { state, stored, ...(owner && { owner }) };
}

function read<T>({ data }: StoredRecord, key: string): T | undefined {
  const text = data?.[key];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new MigrationError('config', `${WHERE}, key ${key}, is no JSON; correct it, or delete the ConfigMap to begin anew`);
  }
}
