import type { CalicoDatastoreMigrationSpec } from '../spec/kinds/calico-datastore-migration.schema.ts';
import type { InputVolume, RunnerInputs } from './runner-container.ts';

type EtcdSpec = CalicoDatastoreMigrationSpec['etcd'];

/** Conversion of many objects needs more than the usual step. */
const RESOURCES = { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '512Mi' } };

/** Where both datastores are, in the variables of upstream's hooks (calico-upgrade, integration-snippets). What is missing in the cluster stays unset, and the program says so. */
export function etcdInputs(etcd: EtcdSpec): RunnerInputs {
  const { configMap, credentials, v1 } = etcd;
  return {
    env: [
      { name: 'CALICO_APIV1_DATASTORE_TYPE', value: 'etcdv2' },
      ...sideEnv('CALICO_ETCD', configMap, etcd.keys),
      ...sideEnv('CALICO_APIV1_ETCD', v1?.configMap ?? configMap, etcd.keys),
      ...(credentials ? [...userEnv('CALICO_ETCD', credentials.secret, credentials.v3), ...userEnv('CALICO_APIV1_ETCD', credentials.secret, credentials.v1)] : []),
    ],
    volumes: [secretVolume('hookwave-etcd-certs', etcd.secret, etcd.mountPath), ...(v1?.secret === undefined ? [] : [secretVolume('hookwave-etcd-v1-certs', v1.secret, v1.mountPath)])],
    resources: RESOURCES,
  };
}

function sideEnv(prefix: string, configMap: string, keys: EtcdSpec['keys']): readonly object[] {
  const variables = { ENDPOINTS: keys.endpoints, CA_CERT_FILE: keys.ca, CERT_FILE: keys.cert, KEY_FILE: keys.key };
  return Object.entries(variables).map(([name, key]) => ({ name: `${prefix}_${name}`, valueFrom: { configMapKeyRef: { name: configMap, key, optional: true } } }));
}

function userEnv(prefix: string, secret: string, keys: { readonly username: string; readonly password: string }): readonly object[] {
  const variables = { USERNAME: keys.username, PASSWORD: keys.password };
  return Object.entries(variables).map(([name, key]) => ({ name: `${prefix}_${name}`, valueFrom: { secretKeyRef: { name: secret, key, optional: true } } }));
}

/** Mode 0400. */
function secretVolume(name: string, secretName: string, mountPath: string): InputVolume {
  return { name, mountPath, source: { secret: { secretName, defaultMode: 0o400, optional: true } } };
}
