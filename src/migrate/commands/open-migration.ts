import type { Datastores } from '../config/datastores.ts';
import type { Migration } from '../contract.ts';
import type { Surroundings } from './surroundings.ts';

/** The migration of these datastores. The client of the one that is not used is never loaded. */
export async function openMigration(stores: Datastores, { env, hostname, open = (found, name) => openReal(found, name, env) }: Pick<Surroundings, 'env' | 'hostname' | 'open'>): Promise<Migration> {
  return open(stores, ownerName(env, hostname));
}

/** Who writes, for people who look: Pod and node where they are known. */
function ownerName({ POD_NAME: pod, NODE_NAME: node }: Surroundings['env'], hostname: string): string {
  return [pod || undefined, node || hostname].filter((part) => part !== undefined).join('/');
}

async function openReal(stores: Datastores, name: string, { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port }: Surroundings['env']): Promise<Migration> {
  if (stores.is === 'kubernetes') return (await import('../kubernetes/kubernetes-migration.ts')).kubernetesMigration(stores.access, { name, pod: host && port ? { host, port } : undefined });
  return (await import('../engine/etcd-migration.ts')).etcdMigration({ v1: stores.v1, v3: stores.v3, name });
}
