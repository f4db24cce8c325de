import type { V3Kind } from '../../calico/migration/model.ts';
import { pluralOf } from '../../calico/migration/storage.ts';
import type { Resource } from '../../kube/cluster.ts';

function calico(plural: string, kind: string): Resource {
  return { group: 'crd.projectcalico.org', version: 'v1', plural, kind, namespaced: false };
}

/** One Felix setting of v1 each. */
export const GLOBAL_FELIX_CONFIGS = calico('globalfelixconfigs', 'GlobalFelixConfig');
/** One BGP setting of v1 each. */
export const GLOBAL_BGP_CONFIGS = calico('globalbgpconfigs', 'GlobalBGPConfig');

export function v3Resource(kind: V3Kind): Resource {
  return calico(pluralOf(kind), kind);
}

export const CLUSTER_INFORMATIONS = v3Resource('ClusterInformation');

/** Kinds that a migration of a Kubernetes datastore writes. */
export const WRITTEN_KINDS = ['FelixConfiguration', 'ClusterInformation', 'BGPConfiguration', 'BGPPeer'] as const satisfies readonly V3Kind[];
