import type { KubernetesAccess } from '../config/kubernetes.ts';
import type { Migration } from '../contract.ts';

export function kubernetesMigration(_access: KubernetesAccess): Migration {
  throw new Error('not there yet');
}
