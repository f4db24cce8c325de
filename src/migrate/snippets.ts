/** The four snippets of calico-upgrade's container, as objects, with the user's values. */
import { kubernetesRbac } from './kubernetes/rbac.ts';

export const SNIPPETS = ['node', 'controller', 'job', 'rbac'] as const;
export type Snippet = (typeof SNIPPETS)[number];

export interface SnippetValues {
  readonly image: string;
  readonly namespace: string;
  /** Name of the new DaemonSet. */
  readonly daemonset: string;
  /** Image that the new DaemonSet carries. @default key `node_image` of the ConfigMap, as upstream */
  readonly nodeImage?: string | undefined;
  /** ConfigMap with `etcd_endpoints`, `etcd_ca`, `etcd_key`, `etcd_cert`. */
  readonly configMap: string;
  /** Secret with the client certificate, mounted at `/calico-secrets`. */
  readonly secret: string;
  /** Where Calico keeps its data; a Kubernetes datastore needs neither ConfigMap nor Secret. @default etcd */
  readonly datastore?: Datastore;
}

export const DATASTORES = ['etcd', 'kubernetes'] as const;
export type Datastore = (typeof DATASTORES)[number];

/** What to print before a snippet, and the objects; those of `node` and `controller` are parts of a Pod template. */
export function snippet(which: Snippet, values: SnippetValues): { readonly comment: string; readonly objects: readonly object[] } {
  switch (which) {
    case 'node':
      return { comment: `Into the Pod template of DaemonSet ${values.daemonset}${volumeNote(values)}:`, objects: [{ initContainers: [guard('node-init', values)] }] };
    case 'controller':
      return { comment: `Into the Pod template of Deployment calico-kube-controllers${volumeNote(values)}:`, objects: [{ initContainers: [guard('controller-init', values)] }] };
    case 'job':
      return { comment: `Apply together with the new DaemonSet. Under Argo CD: same wave, not PostSync, because the DaemonSet is not healthy before this Job has run:`, objects: [job(values)] };
    case 'rbac':
      return { comment: `Apply before the ${values.datastore === 'kubernetes' ? 'new DaemonSet' : 'Job'}:`, objects: [...rbac(values), ...(values.datastore === 'kubernetes' ? kubernetesRbac(ACCOUNT, values.namespace) : [])] };
  }
}

function volumeNote({ datastore }: SnippetValues): string {
  return datastore === 'kubernetes' ? '' : ', which has the volume etcd-certs already';
}

const ACCOUNT = 'calico-upgrade-job';
/** The user of the image. */
const RUNNER_UID = 65532;

/** As root without any right of root's, because the certificates have mode 0400. */
function guard(command: string, values: SnippetValues): object {
  return container('migrate', command, values, { ...LOCKED, runAsUser: 0 }, [field('POD_NAME', 'metadata.name'), field('NODE_NAME', 'spec.nodeName')]);
}

const LOCKED = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true };

function container(name: string, command: string, values: SnippetValues, securityContext: object, env: readonly object[]): object {
  return {
    name,
    image: values.image,
    args: [command],
    env: [...env, ...datastoreEnv(values)],
    securityContext,
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ...(values.datastore !== 'kubernetes' && { volumeMounts: [{ name: 'etcd-certs', mountPath: '/calico-secrets', readOnly: true }] }),
  };
}

function datastoreEnv({ datastore, configMap }: SnippetValues): readonly object[] {
  if (datastore === 'kubernetes') return [{ name: 'CALICO_DATASTORE_TYPE', value: 'kubernetes' }];
  return [...etcdEnv(configMap), { name: 'CALICO_APIV1_DATASTORE_TYPE', value: 'etcdv2' }];
}

const KEYS = { ENDPOINTS: 'etcd_endpoints', CA_CERT_FILE: 'etcd_ca', KEY_FILE: 'etcd_key', CERT_FILE: 'etcd_cert' } as const;

/** Both sides from the same ConfigMap: one etcd serves v2 and v3. */
function etcdEnv(configMap: string): readonly object[] {
  return ['CALICO_ETCD_', 'CALICO_APIV1_ETCD_'].flatMap((prefix) => Object.entries(KEYS).map(([name, key]) => fromMap(`${prefix}${name}`, configMap, key)));
}

function fromMap(name: string, configMap: string, key: string): object {
  return { name, valueFrom: { configMapKeyRef: { name: configMap, key } } };
}

function field(name: string, fieldPath: string): object {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

/** There is no Pod network between start and completion, and nodes are not ready. */
function job(values: SnippetValues): object {
  const { namespace, daemonset, nodeImage, configMap, secret } = values;
  const image = nodeImage === undefined ? fromMap('EXPECTED_NODE_IMAGE', configMap, 'node_image') : { name: 'EXPECTED_NODE_IMAGE', value: nodeImage };
  const env = [field('POD_NAME', 'metadata.name'), { name: 'NAMESPACE', value: namespace }, { name: 'DS_NAME', value: daemonset }, image];
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'calico-complete-upgrade', namespace },
    spec: {
      backoffLimit: 10,
      activeDeadlineSeconds: 7200,
      template: {
        spec: {
          hostNetwork: true,
          dnsPolicy: 'Default',
          serviceAccountName: ACCOUNT,
          restartPolicy: 'OnFailure',
          tolerations: [{ operator: 'Exists' }],
          priorityClassName: 'system-cluster-critical',
          securityContext: { runAsNonRoot: true, runAsUser: RUNNER_UID, runAsGroup: RUNNER_UID, fsGroup: RUNNER_UID },
          containers: [container('migrate-completion', 'completion-job', values, LOCKED, env)],
          ...(values.datastore !== 'kubernetes' && { volumes: [{ name: 'etcd-certs', secret: { secretName: secret, defaultMode: 0o400 } }] }),
        },
      },
    },
  };
}

function rbac({ namespace }: SnippetValues): readonly object[] {
  const metadata = { name: ACCOUNT, namespace };
  const verbs = ['get', 'list', 'watch'];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [
        { apiGroups: ['apps'], resources: ['daemonsets'], verbs },
        { apiGroups: [''], resources: ['pods'], verbs },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: ACCOUNT },
      subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace }],
    },
  ];
}
