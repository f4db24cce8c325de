import fc from 'fast-check';

/** A manifest, as JSON. */
export interface PlainObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly generateName?: string; readonly namespace?: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: unknown;
  /** Of a List. */
  readonly items?: readonly PlainObject[];
}

/** What is wanted, what is there, and what will fail. */
export interface RandomSet {
  readonly objects: readonly PlainObject[];
  readonly live: readonly PlainObject[];
  /** Names. */
  readonly failing: readonly string[];
  readonly prune: boolean;
  readonly pruneLast: boolean;
  readonly createNamespace: boolean;
}

export const DESTINATION = 'dest';

const KINDS: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['v1', 'ConfigMap'], ['v1', 'Secret'], ['v1', 'Service'], ['v1', 'ServiceAccount'], ['v1', 'Pod'], ['apps/v1', 'Deployment'], ['apps/v1', 'DaemonSet'], ['batch/v1', 'Job'], ['batch/v1', 'Job'], ['batch/v1', 'CronJob'],
  ['networking.k8s.io/v1', 'NetworkPolicy'], ['networking.k8s.io/v1', 'Ingress'], ['rbac.authorization.k8s.io/v1', 'ClusterRole'], ['rbac.authorization.k8s.io/v1', 'Role'], ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  ['apiregistration.k8s.io/v1', 'APIService'], ['scheduling.k8s.io/v1', 'PriorityClass'], ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'], ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
  ['example.com/v1', 'Widget'], ['example.com/v1', 'Widget'], ['example.com/v1', 'Gadget'], ['example.com/v1', 'Area'], ['serving.example.com/v1', 'Service'],
];
const CLUSTER_SCOPED = ['ClusterRole', 'APIService', 'PriorityClass', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration', 'Area', 'Namespace', 'CustomResourceDefinition'];
const NAMES = ['a', 'b', 'c', 'd', 'job-1', 'job-2', 'web', 'x'];
const WAVES = ['0', '1', '1', '2', '2', '3', '-1', '-1', '-5', '10', '+3', '007', '1.5', 'one', ''];
const HOOKS = ['PreSync', 'PreSync', 'Sync', 'PostSync', 'SyncFail', 'PreSync,PostSync', 'Sync, PostSync', 'Skip', 'Skip,PreSync', 'presync', 'PreDelete', 'PreSync,Sync,PostSync,SyncFail'];
const POLICIES = ['BeforeHookCreation', 'HookSucceeded', 'HookFailed', 'BeforeHookCreation,HookSucceeded', 'HookSucceeded,HookFailed', 'never'];
const EVENTS = ['pre-install', 'pre-upgrade', 'pre-install,pre-upgrade', 'pre-install,pre-upgrade', 'post-install,post-upgrade', 'post-install,post-upgrade', 'pre-install,post-install,pre-upgrade,post-upgrade', 'post-upgrade', 'test', 'pre-rollback', 'pre-install,pre-install', 'PreSync', 'crd-install', 'Pre-Upgrade , post-upgrade'];
const HELM_POLICIES = ['before-hook-creation', 'hook-succeeded', 'hook-failed', 'before-hook-creation,hook-succeeded', 'hook-succeeded, hook-failed', '', 'never'];
const OPTIONS = ['Prune=false', 'PruneLast=true', 'Replace=false'];

const sometimes = <T>(percent: number, value: fc.Arbitrary<T>) => fc.oneof({ weight: 100 - percent, arbitrary: fc.constant(undefined) }, { weight: percent, arbitrary: value });
const waves = fc.constantFrom(...WAVES);

/** Annotations of Argo CD and of Helm, most objects with few of them. */
const annotations = fc
  .record({
    'argocd.argoproj.io/hook': sometimes(40, fc.constantFrom(...HOOKS)),
    'argocd.argoproj.io/hook-delete-policy': sometimes(50, fc.constantFrom(...POLICIES)),
    'argocd.argoproj.io/sync-wave': sometimes(30, waves),
    'argocd.argoproj.io/sync-options': sometimes(20, fc.constantFrom(...OPTIONS)),
  })
  .chain((argo) =>
    fc
      .record({
        'helm.sh/hook': sometimes(argo['argocd.argoproj.io/hook'] === undefined ? 45 : 15, fc.constantFrom(...EVENTS)),
        'helm.sh/hook-weight': sometimes(25, waves),
        'helm.sh/hook-delete-policy': sometimes(45, fc.constantFrom(...HELM_POLICIES)),
        'helm.sh/resource-policy': sometimes(8, fc.constant('keep')),
      })
      .map((helm) => Object.fromEntries(Object.entries({ ...argo, ...helm }).filter((entry): entry is [string, string] => entry[1] !== undefined))),
  );

const ordinary = fc.tuple(fc.constantFrom(...KINDS), fc.constantFrom(...NAMES), fc.constantFrom(undefined, undefined, DESTINATION, 'other'), annotations).map(([[apiVersion, kind], name, namespace, notes]) => objectOf({ apiVersion, kind }, { name, ...(namespace && !CLUSTER_SCOPED.includes(kind) && { namespace }) }, notes));
const namespaces = fc.tuple(fc.constantFrom(DESTINATION, 'other'), annotations).map(([name, notes]) => objectOf({ apiVersion: 'v1', kind: 'Namespace' }, { name }, notes));
const definitions = fc.tuple(fc.constantFrom('Widget', 'Gadget', 'Area'), annotations).map(([kind, notes]) => ({
  ...objectOf({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }, { name: `${kind.toLowerCase()}s.example.com` }, notes),
  spec: { group: 'example.com', names: { kind } },
}));

function objectOf(type: Pick<PlainObject, 'apiVersion' | 'kind'>, metadata: PlainObject['metadata'], notes: Readonly<Record<string, string>>): PlainObject {
  return { ...type, metadata: { ...metadata, ...(Object.keys(notes).length > 0 && { annotations: notes }) } };
}

const anyObject = fc.oneof({ weight: 10, arbitrary: ordinary }, { weight: 1, arbitrary: namespaces }, { weight: 1, arbitrary: definitions });

/** Sets of up to 16 objects; about half of the second and later syncs, a quarter with failures. */
export const randomSet: fc.Arbitrary<RandomSet> = fc
  .record({
    all: fc.uniqueArray(anyObject, { minLength: 1, maxLength: 16, selector: identity }),
    roles: fc.array(fc.constantFrom('new', 'new', 'new', 'kept', 'kept', 'gone', 'gone', 'adorned', 'stripped'), { minLength: 16, maxLength: 16 }),
    isFirst: fc.boolean(),
    failing: sometimes(30, fc.subarray(NAMES, { minLength: 1, maxLength: 3 })),
    prune: fc.constantFrom(true, true, true, false),
    pruneLast: fc.constantFrom(false, false, false, true),
    createNamespace: fc.constantFrom(false, false, true),
  })
  .map(({ all, roles, isFirst, failing, createNamespace, ...options }) => ({
    objects: all.flatMap((one, index) => (isFirst ? [one] : roles[index] === 'gone' ? [] : roles[index] === 'stripped' ? [plain(one)] : [one])),
    live: isFirst ? [] : all.flatMap((one, index) => (roles[index] === 'new' ? [] : roles[index] === 'adorned' ? [placed(plain(one))] : [placed(one)])),
    failing: failing ?? [],
    // Beside a namespace that is a hook of the same sync Argo CD 3.2 gets into its own way; docs/reference/order.md leaves that out.
    createNamespace: createNamespace && !all.some(({ kind, metadata }) => kind === 'Namespace' && metadata.name === DESTINATION && metadata.annotations !== undefined),
    ...options,
  }));

/** The same object as an ordinary one: it was a hook, or it becomes one. */
function plain(one: PlainObject): PlainObject {
  const { name, namespace } = one.metadata;
  return { ...one, metadata: { ...(name !== undefined && { name }), ...(namespace !== undefined && { namespace }) } };
}

/** As a cluster has it. */
function placed(one: PlainObject): PlainObject {
  return CLUSTER_SCOPED.includes(one.kind) ? one : { ...one, metadata: { namespace: DESTINATION, ...one.metadata } };
}

function identity({ apiVersion, kind, metadata }: PlainObject): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return `${kind}.${group} ${CLUSTER_SCOPED.includes(kind) ? '' : (metadata.namespace ?? DESTINATION)}/${metadata.name}`;
}
