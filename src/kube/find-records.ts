import type { Approval, RunRecord } from '../plan/record.ts';
import type { Cluster } from './cluster.ts';
import { isForbidden } from './errors.ts';
import { isRecord, parseRecord, RECORD_LABELS, type ConfigMap } from './record-config-map.ts';
import { CONFIG_MAPS } from './resources.ts';

export interface FoundRecord {
  readonly upgrade: string;
  readonly namespace: string;
  readonly record: RunRecord;
  readonly approvals: readonly Approval[];
}

export interface RecordQuery {
  /** Name of the upgrade. @default all */
  readonly name?: string | undefined;
  /** @default all; `hookwave-<name>` for somebody who may not list all namespaces */
  readonly namespace?: string | undefined;
}

/** Run records, sorted by upgrade and namespace. @throws Error for a record that can't be read */
export async function findRecords(cluster: Cluster, { name, namespace }: RecordQuery): Promise<readonly FoundRecord[]> {
  const found = await find(cluster, name, namespace);
  return found
    .map((configMap) => {
      const upgrade = configMap.metadata.labels?.['hookwave.dev/upgrade'] ?? name ?? '';
      const namespaceOf = configMap.metadata.namespace ?? '';
      const { record, approvals } = parseRecord(configMap, { upgrade, namespace: namespaceOf });
      return { upgrade, namespace: namespaceOf, record, approvals };
    })
    .sort((a, b) => (`${a.upgrade}/${a.namespace}` < `${b.upgrade}/${b.namespace}` ? -1 : 1));
}

async function find(cluster: Cluster, name: string | undefined, namespace: string | undefined): Promise<readonly ConfigMap[]> {
  const labels = name === undefined ? RECORD_LABELS : `${RECORD_LABELS}=${name}`;
  try {
    const configMaps = await cluster.list<ConfigMap>(CONFIG_MAPS, { labels, ...(namespace === undefined ? {} : { namespace }) });
    return configMaps.filter(isRecord);
  } catch (error) {
    if (!isForbidden(error) || name === undefined) throw error;
    const one = await cluster.get<ConfigMap>(CONFIG_MAPS, `hookwave-${name}`, namespace ?? `hookwave-${name}`);
    return one ? [one] : [];
  }
}
