import { V3_GROUP } from './resources.ts';

export const V3_API_SERVICE = `v3.${V3_GROUP}`;

/** ConfigMaps of the manifest variants that name the etcd endpoints, where there are any. */
export const CALICO_CONFIG_MAPS = ['calico-config', 'canal-config'] as const;
