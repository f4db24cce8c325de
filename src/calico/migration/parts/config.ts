import { convertClusterInformation, convertFelix, type Settings } from '../felix/felix.ts';
import { TUNNEL_ADDRESS } from '../felix/fields.ts';
import type { Outcome, V1Entry } from '../model.ts';
import { nodeName } from '../names.ts';
import { isKeyed, judge, keyed, type PartConverter } from './part.ts';

/** The global settings: FelixConfiguration and ClusterInformation `default`. */
export const convertConfig: PartConverter = function* (entries, _read, { datastore, names }) {
  const { settings, others } = readSettings(entries);
  yield* others;
  const felix = convertFelix('default', settings);
  yield* felix.outcomes;
  if (felix.resource) yield* judge(felix.resource, names, { v1: 'GlobalFelixConfig(name=*)', named: false });
  const cluster = convertClusterInformation(settings, datastore);
  if (cluster) yield* judge(cluster, names, { v1: 'GlobalFelixConfig(name=ClusterGUID,ClusterType,CalicoVersion)', named: false });
};

/** The settings of one host: FelixConfiguration `node.NAME`. The tunnel address is kept for the Node. */
export const convertHostConfig: PartConverter = function* (entries, { host = '' }, { names, tunnelAddresses }) {
  const { settings, others } = readSettings(entries);
  yield* others;
  const tunnelAddress = settings.get(TUNNEL_ADDRESS);
  if (tunnelAddress) tunnelAddresses.set(host, tunnelAddress);
  const felix = convertFelix(`node.${nodeName(host)}`, settings, host);
  yield* felix.outcomes;
  if (felix.resource) yield* judge(felix.resource, names, { v1: `HostConfig(node=${host},name=*)`, named: false });
};

function readSettings(entries: readonly V1Entry[]): { readonly settings: Settings; readonly others: readonly Outcome[] } {
  const settings = new Map<string, string>();
  const others: Outcome[] = [];
  for (const entry of entries) {
    const one = keyed(entry);
    if (isKeyed(one) && (one.key.is === 'global config' || one.key.is === 'host config')) settings.set(one.key.name, one.value);
    else if (!isKeyed(one)) others.push(one);
  }
  return { settings, others };
}
