/** Where the engine keeps its own state: in the v3 etcd, outside `/calico/`, which must be empty before a migration. */
export const STATE_PREFIX = '/hookwave/calico-migration/';
export const STATE_KEY = `${STATE_PREFIX}state`;
/** Attached to the owner's lease. */
export const OWNER_KEY = `${STATE_PREFIX}owner`;
/** Written and removed by a dry run, to see whether that is allowed. */
export const PROBE_KEY = `${STATE_PREFIX}probe`;

/** All of Calico's v3 data. */
export const CALICO_PREFIX = '/calico/';
export const CLUSTER_INFORMATION_KEY = '/calico/resources/v3/projectcalico.org/clusterinformations/default';

/** v1: raw, networking runs while it is exactly `true`. */
export const READY_PATH = '/calico/v1/Ready';
export const V1_VERSION_PATH = '/calico/v1/config/CalicoVersion';
