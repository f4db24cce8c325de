import { GLOBAL_BGP_CONFIGS, GLOBAL_FELIX_CONFIGS, v3Resource, WRITTEN_KINDS } from './resources.ts';
import { RECORD } from './record.ts';

/** What the guards and the completion Job need in a Kubernetes datastore, beside what Calico's own roles give. */
export function kubernetesRbac(jobAccount: string, namespace: string): readonly object[] {
  const [node, controllers, job] = [accountOf('calico-node', 'kube-system'), accountOf('calico-kube-controllers', 'kube-system'), accountOf(jobAccount, namespace)];
  const record = { apiGroups: [''], resources: ['configmaps'], resourceNames: [RECORD.name] };
  return [
    clusterRole('calico-migration', [
      { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
      { apiGroups: [GROUP], resources: [GLOBAL_FELIX_CONFIGS.plural, GLOBAL_BGP_CONFIGS.plural], verbs: ['get', 'list'] },
      { apiGroups: [GROUP], resources: WRITTEN_KINDS.map((kind) => v3Resource(kind).plural), verbs: ['get', 'list', 'create', 'update', 'delete'] },
    ]),
    binding('ClusterRole', 'calico-migration', [node]),
    clusterRole('calico-migration-status', [{ apiGroups: [GROUP], resources: [GLOBAL_FELIX_CONFIGS.plural, v3Resource('ClusterInformation').plural], verbs: ['get'] }]),
    binding('ClusterRole', 'calico-migration-status', [controllers, job]),
    role('calico-migration-record', [{ ...record, verbs: ['get', 'update'] }, { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] }]),
    binding('Role', 'calico-migration-record', [node, job]),
    role('calico-migration-status', [{ ...record, verbs: ['get'] }]),
    binding('Role', 'calico-migration-status', [controllers]),
  ];
}

const API_GROUP = 'rbac.authorization.k8s.io';
const GROUP = GLOBAL_FELIX_CONFIGS.group;

function accountOf(name: string, namespace: string): object {
  return { kind: 'ServiceAccount', name, namespace };
}

function clusterRole(name: string, rules: readonly object[]): object {
  return { apiVersion: `${API_GROUP}/v1`, kind: 'ClusterRole', metadata: { name }, rules };
}

function role(name: string, rules: readonly object[]): object {
  return { apiVersion: `${API_GROUP}/v1`, kind: 'Role', metadata: { name, namespace: RECORD.namespace }, rules };
}

function binding(kind: 'Role' | 'ClusterRole', name: string, subjects: readonly object[]): object {
  const metadata = { name, ...(kind === 'Role' && { namespace: RECORD.namespace }) };
  return { apiVersion: `${API_GROUP}/v1`, kind: `${kind}Binding`, metadata, roleRef: { apiGroup: API_GROUP, kind, name }, subjects };
}
