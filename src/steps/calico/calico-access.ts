/** Rights on Calico's own objects, in both API groups: which one a cluster uses is known only there. */
import { CALICO_CONFIG_MAPS, V3_API_SERVICE } from '../../calico/datastore-names.ts';
import { V1_GROUP, V3_GROUP } from '../../calico/resources.ts';
import { undoName } from '../../calico/undo-name.ts';
import type { AccessRule, UpgradeIdentity, Verb } from '../step.ts';

export interface CalicoAccess {
  readonly hostEndpoints: readonly Verb[];
  readonly policies: readonly Verb[];
  /** Whether tiers are read, too. */
  readonly tiers: boolean;
}

/** Rights on host endpoints, global policies and tiers. */
export function calicoAccess({ hostEndpoints, policies, tiers }: CalicoAccess): readonly AccessRule[] {
  return [
    { apiGroup: 'apiregistration.k8s.io', resources: ['apiservices'], verbs: ['get'], resourceNames: [V3_API_SERVICE] },
    ...[V1_GROUP, V3_GROUP].flatMap((apiGroup): AccessRule[] => [
      { apiGroup, resources: ['hostendpoints'], verbs: hostEndpoints },
      { apiGroup, resources: ['globalnetworkpolicies'], verbs: policies },
      ...(tiers ? [{ apiGroup, resources: ['tiers'], verbs: ['list'] } as const] : []),
    ]),
    // calico-apiserver shows a policy only to who may get its tier, and asks for rights on policies by tier (projectcalico/calico v3.29, apiserver/pkg/rbac).
    { apiGroup: V3_GROUP, resources: ['tiers'], verbs: ['get'] },
    { apiGroup: V3_GROUP, resources: ['tier.globalnetworkpolicies'], verbs: policies },
  ];
}

/** Tells etcd from no Calico at all. */
export function calicoConfigAccess({ namespace }: { readonly namespace: string }): readonly AccessRule[] {
  return [{ apiGroup: '', resources: ['configmaps'], verbs: ['get'], resourceNames: [...CALICO_CONFIG_MAPS], namespace }];
}

/** The undo data of host endpoints; `patch` needs `create`, too, for the first write. */
export function undoAccess(identity: UpgradeIdentity, verbs: readonly ('get' | 'patch')[]): readonly AccessRule[] {
  const configMaps = { apiGroup: '', resources: ['configmaps'], namespace: identity.namespace };
  const rule = { ...configMaps, verbs, resourceNames: [undoName(identity)] };
  return verbs.includes('patch') ? [rule, { ...configMaps, verbs: ['create'] }] : [rule];
}

/** What protecting endpoints takes: for `calico-protect`, and for the watch beside the rollout. */
export function protectAccess(identity: UpgradeIdentity): readonly AccessRule[] {
  return [...calicoAccess({ hostEndpoints: ['get', 'list', 'patch'], policies: ['list', 'create'], tiers: true }), ...undoAccess(identity, ['get', 'patch'])];
}
