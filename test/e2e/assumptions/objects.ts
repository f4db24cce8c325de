/** Builders for the small objects of the experiments. Every Pod runs the stepper image (test/cluster/standins/stepper). */

export const stepperRef = 'hookwave.test/stepper:1';

export interface Sequencing {
  readonly hook?: 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail';
  readonly deletePolicy?: string;
  readonly wave?: number;
}

export interface JobOptions extends Sequencing {
  readonly name: string;
  /** Commands of the stepper. */
  readonly args: readonly string[];
  readonly namespace?: string;
  readonly serviceAccount?: string;
  /** @default 0 */
  readonly backoffLimit?: number;
}

export function job(options: JobOptions): object {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(options.name, options),
    spec: {
      backoffLimit: options.backoffLimit ?? 0,
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 1,
          serviceAccountName: options.serviceAccount ?? 'default',
          containers: [{ name: 'step', image: stepperRef, args: options.args }],
        },
      },
    },
  };
}

export function configMap(name: string, sequencing: Sequencing = {}, data: Record<string, string> = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name, sequencing), data };
}

export interface IdentityOptions extends Sequencing {
  readonly name: string;
  readonly namespace?: string;
  readonly rules: readonly { readonly apiGroups: readonly string[]; readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
}

/** ServiceAccount, Role and RoleBinding of one name. */
export function identity(options: IdentityOptions): readonly object[] {
  const { name, namespace = 'default' } = options;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata(name, options) },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: metadata(name, options), rules: options.rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: metadata(name, options),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ];
}

/** Files of a repository, an object a file. */
export function tree(...objects: readonly object[]): Record<string, string> {
  return Object.fromEntries(objects.flat().map((object, index) => [`${String(index).padStart(2, '0')}.json`, JSON.stringify(object, undefined, 2)]));
}

function metadata(name: string, options: Sequencing & { readonly namespace?: string }): object {
  const annotations = {
    ...(options.hook && { 'argocd.argoproj.io/hook': options.hook }),
    ...(options.deletePolicy && { 'argocd.argoproj.io/hook-delete-policy': options.deletePolicy }),
    ...(options.wave !== undefined && { 'argocd.argoproj.io/sync-wave': String(options.wave) }),
  };
  return { name, namespace: options.namespace ?? 'default', annotations };
}
