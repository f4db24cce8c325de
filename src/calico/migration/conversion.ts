import { PARTS, type Conversion, type ConversionOptions, type Part } from './model.ts';
import { nodeName } from './names.ts';
import { namesInUse } from './names-in-use.ts';
import { inPathOrder } from './order.ts';
import { convertBgpConfig, convertGlobalPeers, convertNodePeers } from './parts/bgp.ts';
import { convertConfig, convertHostConfig } from './parts/config.ts';
import { convertHostEndpoints, convertWorkloadEndpoints } from './parts/endpoints.ts';
import { convertIpamAffinities, convertIpamBlocks, convertIpamConfig, convertIpamHandles } from './parts/ipam.ts';
import { convertNodes } from './parts/nodes.ts';
import type { PartConverter, State } from './parts/part.ts';
import { convertIpPools, convertPolicies, convertProfiles } from './parts/policies.ts';
import { convertRest } from './parts/rest.ts';
import { v1Reads } from './reads.ts';

/** Starts a conversion. Use one conversion for one pass over the v1 data. */
export function startConversion(options: ConversionOptions): Conversion {
  const state = initialState(options);
  let furthest = 0;
  return {
    reads: { [Symbol.iterator]: () => v1Reads(options) },
    convert(read, entries) {
      const at = PARTS.indexOf(read.part);
      if (at < furthest) throw new RangeError(`part ${read.part} came after ${PARTS[furthest]}; convert reads in the order of Conversion.reads`);
      furthest = at;
      return CONVERTERS[read.part](inPathOrder(entries), read, state);
    },
  };
}

const CONVERTERS: Readonly<Record<Part, PartConverter>> = {
  config: convertConfig,
  'host-config': convertHostConfig,
  'bgp-config': convertBgpConfig,
  nodes: convertNodes,
  'global-peers': convertGlobalPeers,
  'node-peers': convertNodePeers,
  'host-endpoints': convertHostEndpoints,
  'ip-pools': convertIpPools,
  policies: convertPolicies,
  profiles: convertProfiles,
  'workload-endpoints': convertWorkloadEndpoints,
  'ipam-blocks': convertIpamBlocks,
  'ipam-affinities': convertIpamAffinities,
  'ipam-handles': convertIpamHandles,
  'ipam-config': convertIpamConfig,
  rest: convertRest,
};

function initialState({ datastore, hosts = [] }: ConversionOptions): State {
  const nodes = hosts.map(nodeName);
  const sharedNodeNames = repeated(nodes);
  return { datastore, hosts: new Set(hosts), sharedNodeNames, names: namesInUse(), tunnelAddresses: new Map() };
}

function repeated(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(names.filter((name) => seen.size === seen.add(name).size));
}
