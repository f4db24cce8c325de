import type { V3Resource } from '../model.ts';
import { poolName } from '../names.ts';
import { formatCidr } from '../net.ts';
import type { V1IpPool } from '../v1/values.ts';
import { present, v3Resource } from './resource.ts';

/** Name and CIDR are those of the value, host bits included, which validation then refuses. The v1 flag `ipam` has no v3 counterpart; `disabled` has. */
export function convertIpPool(pool: V1IpPool): V3Resource {
  return v3Resource('IPPool', { name: poolName(pool.cidr) }, {
    cidr: formatCidr(pool.cidr),
    vxlanMode: 'Never',
    ipipMode: convertIpipMode(pool),
    ...present({ natOutgoing: pool.masquerade, disabled: pool.disabled }),
    blockSize: pool.cidr.ip.version === 4 ? 26 : 122,
    nodeSelector: 'all()',
  });
}

function convertIpipMode({ ipip, ipip_mode: mode }: V1IpPool): string {
  if (ipip === '') return 'Never';
  return mode.toLowerCase() === 'cross-subnet' ? 'CrossSubnet' : 'Always';
}
