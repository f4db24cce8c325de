import { v3Resource } from '../convert/resource.ts';
import type { Outcome, V3Resource } from '../model.ts';
import { v1KeyText } from '../v1/keys.ts';
import { CLUSTER_FIELDS, FELIX_FIELDS, TUNNEL_ADDRESS } from './fields.ts';
import { convertFelixValue } from './values.ts';

/** Raw settings by their v1 names. */
export type Settings = ReadonlyMap<string, string>;

export interface FelixConversion {
  /** `undefined` when no field was set. */
  readonly resource: V3Resource | undefined;
  /** Settings that could not be converted, or that v3 has no place for. */
  readonly outcomes: readonly Outcome[];
}

/** @param host of settings for one host. @default the global settings */
export function convertFelix(name: string, settings: Settings, host?: string): FelixConversion {
  const text = (setting: string): string => v1KeyText(host === undefined ? { is: 'global config', name: setting } : { is: 'host config', host, name: setting });
  const outcomes: Outcome[] = unknownSettings(settings, host).map((setting) => ({ is: 'skipped', v1: text(setting), why: 'FelixConfiguration of Calico v3 has no such setting' }));
  const spec: Record<string, unknown> = {};
  let anySet = false;
  for (const { v3, v1, type } of FELIX_FIELDS) {
    const raw = settings.get(v1);
    if (raw === undefined) continue;
    const converted = convertFelixValue(type, raw);
    if ('problem' in converted) {
      outcomes.push({ is: 'conversion error', v1: text(v1), cause: converted.problem });
      continue;
    }
    if (converted.note !== undefined) outcomes.push({ is: 'skipped', v1: text(v1), why: converted.note });
    anySet = true;
    if (isWritten(v3, converted.value)) spec[v3] = converted.value;
  }
  return { resource: anySet ? v3Resource('FelixConfiguration', { name }, spec) : undefined, outcomes };
}

/** Empty texts are left out; but an empty host of the health server is a setting (any address). */
function isWritten(field: string, value: unknown): boolean {
  return value !== undefined && (value !== '' || field === 'healthHost');
}

const KNOWN = new Set(FELIX_FIELDS.map(({ v1 }) => v1));
const CLUSTER: ReadonlySet<string> = new Set(CLUSTER_FIELDS.map(({ v1 }) => v1));

function unknownSettings(settings: Settings, host: string | undefined): readonly string[] {
  return [...settings.keys()].filter((name) => !KNOWN.has(name) && !(host === undefined ? CLUSTER.has(name) : name === TUNNEL_ADDRESS));
}

/** What is known of the cluster. `undefined` when nothing is. The datastore is not ready until the migration is completed; in Kubernetes nothing is paused. */
export function convertClusterInformation(settings: Settings, datastore: 'etcd' | 'kubernetes'): V3Resource | undefined {
  const set = CLUSTER_FIELDS.filter(({ v1 }) => settings.has(v1));
  if (set.length === 0) return undefined;
  const fields = Object.fromEntries(set.map(({ v3, v1 }) => [v3, settings.get(v1)]).filter(([, value]) => value !== ''));
  return v3Resource('ClusterInformation', { name: 'default' }, { ...fields, datastoreReady: datastore === 'kubernetes' });
}
