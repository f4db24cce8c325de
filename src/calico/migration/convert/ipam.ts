import { nodeName } from '../names.ts';
import { formatCidr } from '../net.ts';
import type { V1IpamBlock } from '../v1/values.ts';

/** An allocation block as v3 writes it: the host in the affinity normalised, the older `hostAffinity` moved there. Handles and attributes stay. */
export function convertIpamBlock(block: V1IpamBlock): object {
  const { affinity, hostAffinity } = block;
  return {
    cidr: formatCidr(block.cidr),
    affinity: convertAffinity(affinity ?? undefined, hostAffinity ?? undefined),
    strictAffinity: block.strictAffinity,
    allocations: block.allocations ?? null,
    unallocated: block.unallocated ?? null,
    attributes: block.attributes?.map(({ handle_id: handle, secondary }) => ({ handle_id: handle ?? null, secondary })) ?? null,
    deleted: block.deleted,
    ...(typeof affinity === 'string' && typeof hostAffinity === 'string' && { hostAffinity }),
  };
}

const HOST = 'host:';

function convertAffinity(affinity: string | undefined, hostAffinity: string | undefined): string | null {
  const full = affinity ?? (hostAffinity === undefined ? undefined : `${HOST}${hostAffinity}`);
  const host = full?.startsWith(HOST) ? full.slice(HOST.length) : hostAffinity;
  return host ? `${HOST}${nodeName(host)}` : (full ?? null);
}
