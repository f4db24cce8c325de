/** The four snippets of calico-upgrade's container as its users have them in their manifests, with today's API groups; nothing but the image is ours. */
import { parseAllDocuments } from 'yaml';
import type { Json } from '../../cluster/cluster.ts';

const SCRIPTS = { DaemonSet: '/node-init-container.sh', Deployment: '/controller-init.sh' } as const;

/** Objects of a manifest of Calico v3 on etcd; DaemonSet and Deployment carry the init container. */
export function withUpstreamSnippets(manifest: string, image: string): readonly Json[] {
  const objects: readonly Json[] = parseAllDocuments(manifest, { version: '1.1' }).map((document) => document.toJS() as Json);
  for (const { kind, metadata, data, spec } of objects) {
    const script = SCRIPTS[kind as keyof typeof SCRIPTS];
    if (script) spec.template.spec.initContainers = [container('migrate', image, script)];
    if (kind === 'ConfigMap' && metadata.name === 'calico-config') data.node_image = 'calico/node:v3.1.7';
  }
  return objects;
}

/** The completion Job and its account. */
export function upstreamJob(image: string): readonly Json[] {
  const name = 'calico-upgrade-job';
  const env = [fromConfig('EXPECTED_NODE_IMAGE', 'node_image')];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'kube-system' } },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules: [{ apiGroups: ['apps'], resources: ['daemonsets', 'daemonsets/status'], verbs: ['get', 'list', 'watch'] }] },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name }, subjects: [{ kind: 'ServiceAccount', name, namespace: 'kube-system' }] },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'calico-complete-upgrade', namespace: 'kube-system' },
      spec: {
        template: {
          spec: {
            hostNetwork: true,
            serviceAccountName: name,
            restartPolicy: 'OnFailure',
            containers: [container('migrate-completion', image, '/completion-job.sh', env)],
            volumes: [{ name: 'etcd-certs', secret: { secretName: 'calico-etcd-secrets', defaultMode: 0o400 } }],
          },
        },
      },
    },
  ];
}

const KEYS = { ENDPOINTS: 'etcd_endpoints', CA_CERT_FILE: 'etcd_ca', KEY_FILE: 'etcd_key', CERT_FILE: 'etcd_cert' } as const;

function container(name: string, image: string, script: string, env: readonly Json[] = []): Json {
  const etcd = ['CALICO_ETCD', 'CALICO_APIV1_ETCD'].flatMap((prefix) => Object.entries(KEYS).map(([variable, key]) => fromConfig(`${prefix}_${variable}`, key)));
  return {
    name,
    image,
    command: ['/bin/sh', '-c', script],
    env: [...env, ...etcd, { name: 'CALICO_APIV1_DATASTORE_TYPE', value: 'etcdv2' }],
    volumeMounts: [{ mountPath: '/calico-secrets', name: 'etcd-certs' }],
  };
}

function fromConfig(name: string, key: string): Json {
  return { name, valueFrom: { configMapKeyRef: { name: 'calico-config', key } } };
}
