import type { AccessRule, UpgradeIdentity } from '../step.ts';

/** The run record. A name can't limit `create`, so that is a rule of its own. */
export function recordAccess({ upgrade, namespace }: UpgradeIdentity, mode: 'read' | 'write'): readonly AccessRule[] {
  const record = { apiGroup: '', resources: ['configmaps'], namespace };
  const named = { ...record, resourceNames: [`hookwave-${upgrade}`] };
  if (mode === 'read') return [{ ...named, verbs: ['get'] }];
  return [
    { ...named, verbs: ['get', 'update'] },
    { ...record, verbs: ['create'] },
  ];
}

/** The Lease, and the Pod of its holder, which may have any name. */
export function lockAccess({ upgrade, namespace }: UpgradeIdentity): readonly AccessRule[] {
  const leases = { apiGroup: 'coordination.k8s.io', resources: ['leases'], namespace };
  return [
    { ...leases, verbs: ['get', 'update'], resourceNames: [`hookwave-${upgrade}`] },
    { ...leases, verbs: ['create'] },
    { apiGroup: '', resources: ['pods'], verbs: ['get'], namespace },
  ];
}
