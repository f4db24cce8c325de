import { emptyRecord, type Approval, type RunRecord } from '../plan/record.ts';
import type { UpgradeIdentity } from '../steps/step.ts';
import type { KubeObject } from './cluster.ts';

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export const RECORD_KEY = 'record.json';
export const APPROVALS_KEY = 'approvals.json';

/** Selects run records and markers; `isRecord` tells them apart. */
export const RECORD_LABELS = 'app.kubernetes.io/managed-by=hookwave,hookwave.dev/upgrade';

/** @throws Error when the stored text is no JSON or of a newer schema */
export function parseRecord(configMap: ConfigMap | undefined, { upgrade, namespace }: Pick<UpgradeIdentity, 'upgrade' | 'namespace'>): { readonly record: RunRecord; readonly approvals: readonly Approval[] } {
  const where = `ConfigMap ${namespace}/hookwave-${upgrade}`;
  const record = parseKey<RunRecord>(configMap, RECORD_KEY, where) ?? emptyRecord(upgrade);
  if (record.schema !== 1) throw new Error(`${where} holds a run record of schema ${String(record.schema)}, and this release knows schema 1; use the release that wrote it`);
  const approvals = parseKey<readonly Approval[]>(configMap, APPROVALS_KEY, where) ?? [];
  if (!Array.isArray(approvals)) throw new Error(`${where}, key ${APPROVALS_KEY}, is no list; correct it by hand`);
  return { record, approvals };
}

/** Tells the run record from other ConfigMaps of an upgrade. */
export function isRecord({ metadata, data }: ConfigMap): boolean {
  return metadata.name === `hookwave-${metadata.labels?.['hookwave.dev/upgrade']}` && data?.[RECORD_KEY] !== undefined;
}

function parseKey<T>(configMap: ConfigMap | undefined, key: string, where: string): T | undefined {
  const text = configMap?.data?.[key];
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as T;
  } catch {
    // The same answer as for JSON that is no object.
  }
  throw new Error(`${where}, key ${key}, holds no JSON object; correct it by hand, or delete the key to begin anew`);
}
