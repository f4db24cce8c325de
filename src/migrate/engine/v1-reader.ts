import { leavesAt } from '../../calico/migration/convert-whole.ts';
import type { V1Entry, V1Path, V1Read } from '../../calico/migration/model.ts';
import { inPathOrder } from '../../calico/migration/order.ts';
import { HOSTS } from '../../calico/migration/reads.ts';
import { isEtcdError } from '../../etcd/errors.ts';
import type { EtcdV2 } from '../../etcd/v2.ts';

/**
 * The reads of one pass over the v1 data. A request costs more than what it brings for most hosts, so the BGP settings of all hosts are read at once, and
 * what a host is known not to have is not asked for. (Whatever appears later was written by one that ignored the pause; that is looked for elsewhere.)
 */
export function v1Reader(v2: EtcdV2): (read: V1Read) => Promise<readonly V1Entry[]> {
  const withoutEndpoints = new Set<string>();
  let bgpHosts: Promise<readonly V1Entry[]> | undefined;
  const look = async ({ part }: V1Read, wanted: V1Path): Promise<readonly V1Entry[]> => {
    if (wanted.path !== BGP_HOSTS && !wanted.path.startsWith(`${BGP_HOSTS}/`)) return orNothingDenied(part, v2.leaves(wanted.path, wanted.depth));
    return leavesAt(await (bgpHosts ??= v2.leaves(BGP_HOSTS, 'all').then(inPathOrder)), wanted);
  };
  return async (read) => {
    const { part, host = '', paths } = read;
    if (part === 'host-endpoints' && withoutEndpoints.has(host)) return [];
    const found = await Promise.all(paths.map((path) => look(read, path)));
    if (part === 'nodes' && !found[0]?.some(({ path }) => path === `${HOSTS.path}/${host}/endpoint`)) withoutEndpoints.add(host);
    return found.length === 1 ? found[0]! : found.flat();
  };
}

const BGP_HOSTS = '/calico/bgp/v1/host';

/** A user with the right to `/calico/*` may not list `/calico` itself, where nothing is that Calico reads. */
function orNothingDenied(part: V1Read['part'], leaves: Promise<readonly V1Entry[]>): Promise<readonly V1Entry[]> {
  if (part !== 'rest') return leaves;
  return leaves.catch((error: unknown) => {
    if (isEtcdError(error, 'denied')) return [];
    throw error;
  });
}
