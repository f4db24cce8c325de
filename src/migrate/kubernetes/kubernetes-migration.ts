import type { KubernetesAccess } from '../config/kubernetes.ts';
import { type Migration, MigrationError } from '../contract.ts';

/** @throws MigrationError until the Kubernetes datastore is supported */
export function kubernetesMigration(_access: KubernetesAccess): Migration {
  throw new MigrationError('config', 'the Kubernetes datastore is not supported yet; use calico-upgrade for it');
}
