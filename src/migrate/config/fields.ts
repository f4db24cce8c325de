/** What can be set, in a file and in the environment (libcalico-go `lib/apiconfig` and `lib/apis/v1/apiconfig.go`). */

export type Side = 'v1' | 'v3';

export interface Field {
  /** In a file's `spec`. */
  readonly field: string;
  /** In the environment, after `CALICO_` and, for v1, `APIV1_`; absent for what only a file can hold. */
  readonly variable?: string;
  readonly side?: Side;
  readonly type?: 'boolean';
}

const FIELDS = [
  { field: 'datastoreType', variable: 'DATASTORE_TYPE' },
  { field: 'etcdEndpoints', variable: 'ETCD_ENDPOINTS' },
  { field: 'etcdScheme', variable: 'ETCD_SCHEME', side: 'v1' },
  { field: 'etcdAuthority', variable: 'ETCD_AUTHORITY', side: 'v1' },
  { field: 'etcdUsername', variable: 'ETCD_USERNAME' },
  { field: 'etcdPassword', variable: 'ETCD_PASSWORD' },
  { field: 'etcdKeyFile', variable: 'ETCD_KEY_FILE' },
  { field: 'etcdCertFile', variable: 'ETCD_CERT_FILE' },
  { field: 'etcdCACertFile', variable: 'ETCD_CA_CERT_FILE' },
  { field: 'etcdKey', side: 'v3' },
  { field: 'etcdCert', side: 'v3' },
  { field: 'etcdCACert', side: 'v3' },
  { field: 'kubeconfig', variable: 'KUBECONFIG' },
  { field: 'k8sAPIEndpoint', variable: 'K8S_API_ENDPOINT' },
  { field: 'k8sKeyFile', variable: 'K8S_KEY_FILE' },
  { field: 'k8sCertFile', variable: 'K8S_CERT_FILE' },
  { field: 'k8sCAFile', variable: 'K8S_CA_FILE' },
  // Upstream's environment has this name for it, by a mistake in a tag.
  { field: 'k8sAPIToken', variable: 'K8SAPITOKEN' },
  { field: 'k8sInsecureSkipTLSVerify', variable: 'K8S_INSECURE_SKIP_TLS_VERIFY', type: 'boolean' },
  { field: 'k8sDisableNodePoll', variable: 'K8S_DISABLE_NODE_POLL', type: 'boolean' },
  { field: 'usePodCIDR', variable: 'USE_POD_CIDR', side: 'v3', type: 'boolean' },
] as const satisfies readonly Field[];

export type FieldName = (typeof FIELDS)[number]['field'];

/** The fields that one side knows. */
export function fieldsOf(side: Side): readonly (Field & { readonly field: FieldName })[] {
  return FIELDS.filter((one: Field) => one.side === undefined || one.side === side);
}

/** Settings of one side as texts, and where each comes from. What is not set, or empty, is absent. */
export interface Settings {
  readonly side: Side;
  readonly values: Readonly<Partial<Record<FieldName, string>>>;
  /** For messages: the variable, or file and field. For a field that is not set: the one to set. */
  readonly where: (field: FieldName) => string;
}
