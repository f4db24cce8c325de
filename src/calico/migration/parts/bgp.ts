import { BGP_SETTINGS, convertBgpConfiguration } from '../convert/bgp-configuration.ts';
import { convertBgpPeer } from '../convert/bgp-peer.ts';
import type { Outcome, V1Entry } from '../model.ts';
import { v1KeyText } from '../v1/keys.ts';
import { parseValue } from '../v1/parse-value.ts';
import { bgpPeer } from '../v1/values.ts';
import { NODE_SETTINGS } from './nodes.ts';
import { conversionError, isKeyed, judge, keyed, skipped, type Keyed, type PartConverter, type State } from './part.ts';

const PEER_DIRECTORIES = ['peer_v4', 'peer_v6'];

/** BGPConfiguration `default`. */
export const convertBgpConfig: PartConverter = function* (entries, _read, { names }) {
  const settings = new Map<string, string>();
  for (const entry of entries) {
    const one = keyed(entry);
    if (!isKeyed(one)) yield one;
    else if (one.key.is === 'bgp config' && BGP_SETTINGS.includes(one.key.name)) settings.set(one.key.name, one.value);
    else if (one.key.is === 'bgp config' && !PEER_DIRECTORIES.includes(one.key.name)) yield skipped(one.key, 'BGPConfiguration of Calico v3 has no such setting');
  }
  const { resource, outcomes } = convertBgpConfiguration(settings);
  yield* outcomes;
  if (resource) yield* judge(resource, names, { v1: 'GlobalBGPConfig(name=*)', named: false });
};

/** Peers of all nodes. Settings beside them have been read before. */
export const convertGlobalPeers: PartConverter = (entries, _read, state) => convertPeers(entries, state, () => undefined);

/** Peers of one node each. BGP settings beside them went into the Node, where there is one. */
export const convertNodePeers: PartConverter = (entries, _read, state) => convertPeers(entries, state, (one) => orphan(one, state));

function* convertPeers(entries: readonly V1Entry[], state: State, other: (one: Keyed) => Outcome | undefined): Generator<Outcome> {
  for (const entry of entries) {
    const one = keyed(entry);
    if (!isKeyed(one)) yield one;
    else if (one.key.is === 'global peer' || one.key.is === 'node peer') yield* convertPeer(one, state);
    else {
      const outcome = other(one);
      if (outcome) yield outcome;
    }
  }
}

function* convertPeer({ key, value }: Keyed, { names }: State): Generator<Outcome> {
  const parsed = parseValue(bgpPeer, value);
  if ('problem' in parsed) yield conversionError(key, parsed.problem);
  else yield* judge(convertBgpPeer(parsed.value, key.is === 'node peer' ? key.host : undefined), names, { v1: v1KeyText(key) });
}

function orphan({ key }: Keyed, { hosts }: State): Outcome | undefined {
  if (key.is !== 'node bgp config' || hosts.has(key.host) || !NODE_SETTINGS.includes(key.name)) return undefined;
  return skipped(key, `there is no node ${key.host} (no directory /calico/v1/host/${key.host})`);
}
