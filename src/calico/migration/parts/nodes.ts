import { convertNode, type V1Node } from '../convert/node.ts';
import { TUNNEL_ADDRESS } from '../felix/fields.ts';
import type { Outcome } from '../model.ts';
import { parseCidr, parseIp } from '../net.ts';
import { v1KeyText, type V1Key } from '../v1/keys.ts';
import { parseValue } from '../v1/parse-value.ts';
import { parseAsNumber } from '../v1/scalars.ts';
import { orchestratorRefs, type V1OrchestratorRef } from '../v1/values.ts';
import { conversionError, isKeyed, judge, keyed, skipped, type PartConverter } from './part.ts';

/** BGP settings of a host that belong to its Node. */
export const NODE_SETTINGS: readonly string[] = ['ip_addr_v4', 'network_v4', 'ip_addr_v6', 'network_v6', 'as_num'];

/** Directories and leaves beside them that other parts read, or that nothing does: host metadata is empty, `bird_ip` is the older form of `ip_addr_v4`. */
const ELSEWHERE = ['config', 'endpoint', 'workload', 'metadata', 'bird_ip', 'peer_v4', 'peer_v6'];

/** One host's Node. A host without any key is a Node too. */
export const convertNodes: PartConverter = function* (entries, { host = '' }, { names, tunnelAddresses }) {
  const settings = new Map<string, string>();
  for (const { path, value } of entries) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (NODE_SETTINGS.includes(name) || name === 'orchestrator_refs') settings.set(name, value);
    else if (!ELSEWHERE.includes(name)) yield unknown(path);
  }
  const { node, problems } = readNode(host, settings, tunnelAddresses.get(host));
  yield* problems;
  if (problems.length > 0) return;
  yield* withoutAddress(host, node);
  yield* judge(convertNode(host, node), names, { v1: v1KeyText({ is: 'node', host }) });
};

function unknown(path: string): Outcome {
  const one = keyed({ path, value: '' });
  return isKeyed(one) ? skipped(one.key, 'a Node of Calico v3 has no such setting') : one;
}

interface Read {
  readonly node: V1Node;
  readonly problems: readonly Outcome[];
}

function readNode(host: string, settings: ReadonlyMap<string, string>, tunnelAddress: string | undefined): Read {
  const problems: Outcome[] = [];
  const read = <T>(name: string, parse: (raw: string) => T | undefined, what: string): T | undefined => {
    const raw = settings.get(name) ?? '';
    const value = raw === '' ? undefined : parse(raw);
    if (raw !== '' && value === undefined) problems.push(conversionError(nodeSetting(host, name), `${JSON.stringify(raw)} is no ${what}`));
    return value;
  };
  const node: V1Node = {
    ipv4: read('ip_addr_v4', parseIp, 'IP address'),
    network4: read('network_v4', parseCidr, 'CIDR'),
    ipv6: read('ip_addr_v6', parseIp, 'IP address'),
    network6: read('network_v6', parseCidr, 'CIDR'),
    asNumber: read('as_num', parseAsNumber, 'AS number'),
    orchestratorRefs: readRefs(host, settings.get('orchestrator_refs') ?? '', problems),
    tunnelAddress,
  };
  checkFamily(host, 'network_v4', node.ipv4?.version, node.network4?.ip.version, problems);
  checkFamily(host, 'network_v6', node.ipv6?.version, node.network6?.ip.version, problems);
  return { node, problems };
}

function nodeSetting(host: string, name: string): V1Key {
  return { is: 'node bgp config', host, name };
}

function readRefs(host: string, raw: string, problems: Outcome[]): readonly V1OrchestratorRef[] {
  if (raw === '') return [];
  const parsed = parseValue(orchestratorRefs, raw);
  if (!('problem' in parsed)) return parsed.value;
  problems.push(conversionError({ is: 'orchestrator refs', host }, parsed.problem));
  return [];
}

function checkFamily(host: string, name: string, address: number | undefined, network: number | undefined, problems: Outcome[]): void {
  if (address === undefined || network === undefined || address === network) return;
  problems.push(conversionError(nodeSetting(host, name), `the network is of IPv${network}, the address of IPv${address}`));
}

/** v3 keeps these only beside a BGP address. */
function* withoutAddress(host: string, { ipv4, ipv6, asNumber, tunnelAddress }: V1Node): Generator<Outcome> {
  if (ipv4 || ipv6) return;
  const why = 'the host has no BGP address, without which a Node of Calico v3 has no place for it';
  if (asNumber !== undefined) yield skipped(nodeSetting(host, 'as_num'), why);
  if (tunnelAddress !== undefined) yield skipped({ is: 'host config', host, name: TUNNEL_ADDRESS }, why);
}
