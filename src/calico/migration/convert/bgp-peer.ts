import type { V3Resource } from '../model.ts';
import { ipName, nodeName } from '../names.ts';
import { formatIp } from '../net.ts';
import type { V1BgpPeer } from '../v1/values.ts';
import { v3Resource } from './resource.ts';

/** @param host of a peer of one node. @default a global peer */
export function convertBgpPeer(peer: V1BgpPeer, host?: string): V3Resource {
  const name = ipName(peer.ip);
  const spec = { peerIP: formatIp(peer.ip), asNumber: peer.as_num };
  if (host === undefined) return v3Resource('BGPPeer', { name }, spec);
  const node = nodeName(host);
  return v3Resource('BGPPeer', { name: `${node}.${name}` }, { ...(node !== '' && { node }), ...spec });
}
