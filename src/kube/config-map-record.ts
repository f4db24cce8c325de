import type { Clock, UpgradeIdentity } from '../steps/step.ts';
import type { Cluster } from './cluster.ts';
import { isAlreadyExists, isConflict, isNotFound } from './errors.ts';
import { APPROVALS_KEY, parseRecord, RECORD_KEY, type ConfigMap } from './record-config-map.ts';
import type { RecordStore } from './record-store.ts';
import { CONFIG_MAPS } from './resources.ts';
import { backoffMs } from './retry.ts';

export interface ConfigMapRecordOptions {
  readonly cluster: Cluster;
  readonly identity: Pick<UpgradeIdentity, 'upgrade' | 'namespace'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Attempts of one update under conflicts. */
const ATTEMPTS = 10;

/** The run record in ConfigMap `hookwave-<upgrade>`; foreign keys, labels and annotations survive. */
export function configMapRecord(options: ConfigMapRecordOptions): RecordStore {
  const { cluster, identity } = options;
  const name = `hookwave-${identity.upgrade}`;
  const read = (): Promise<ConfigMap | undefined> => cluster.get<ConfigMap>(CONFIG_MAPS, name, identity.namespace);
  return {
    async read() {
      return parseRecord(await read(), identity);
    },
    async update(change) {
      return changeKey(options, read, RECORD_KEY, (configMap) => {
        const { record } = parseRecord(configMap, identity);
        const next = change(record);
        return { value: next, changed: !sameJson(next, record) };
      });
    },
    async approve(approval) {
      await changeKey(options, read, APPROVALS_KEY, (configMap) => {
        const { approvals } = parseRecord(configMap, identity);
        const others = approvals.filter((one) => !(one.what === approval.what && one.plan === approval.plan));
        return { value: [...others, approval], changed: true };
      });
    },
  };
}

interface Change<T> {
  readonly value: T;
  readonly changed: boolean;
}

async function changeKey<T>({ cluster, identity, clock, signal }: ConfigMapRecordOptions, read: () => Promise<ConfigMap | undefined>, key: string, change: (configMap: ConfigMap | undefined) => Change<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const configMap = await read();
    const { value, changed } = change(configMap);
    if (!changed) return value;
    const text = `${JSON.stringify(value, null, 2)}\n`;
    const labels = { 'app.kubernetes.io/managed-by': 'hookwave', 'hookwave.dev/upgrade': identity.upgrade };
    try {
      if (configMap) await cluster.replace(CONFIG_MAPS, withKey(configMap, key, text, labels));
      else await cluster.create<ConfigMap>(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `hookwave-${identity.upgrade}`, namespace: identity.namespace, labels }, data: { [key]: text } });
      return value;
    } catch (error) {
      const hasMoved = isConflict(error) || isAlreadyExists(error) || (isNotFound(error) && configMap !== undefined);
      if (!hasMoved || attempt === ATTEMPTS) throw error;
    }
    await clock.sleep(backoffMs(1), signal);
  }
}

function withKey(configMap: ConfigMap, key: string, text: string, labels: Record<string, string>): ConfigMap {
  const { metadata, data } = configMap;
  return { ...configMap, metadata: { ...metadata, labels: { ...metadata.labels, ...labels } }, data: { ...data, [key]: text } };
}

function sameJson(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
