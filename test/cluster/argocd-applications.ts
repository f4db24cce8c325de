import type { Json } from './cluster.ts';
import type { KubeClient } from './kubectl.ts';
import { waitFor, type WaitOptions } from './wait-for.ts';

export interface Retry {
  /** Retries after the first attempt. */
  readonly limit: number;
  /** @default '1s' */
  readonly backoff?: string;
}

export interface ApplicationOptions {
  readonly name: string;
  /** URL of the Git repository; `file://` works. */
  readonly repo: string;
  /** @default '.' */
  readonly path?: string;
  /** @default 'main' */
  readonly revision?: string;
  /** @default 'default' */
  readonly destinationNamespace?: string;
  /** `spec.syncPolicy.retry`, for automated syncs and for manual ones that don't say otherwise. */
  readonly retry?: Retry;
  readonly automated?: { readonly prune?: boolean; readonly selfHeal?: boolean };
  readonly syncOptions?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  /** `spec.ignoreDifferences`. */
  readonly ignoreDifferences?: readonly object[];
  /** `spec.source.plugin`. @default left out: Argo CD finds out by itself which tool makes the manifests */
  readonly plugin?: object;
}

export interface SyncOptions {
  readonly resources?: readonly { readonly group?: string; readonly kind: string; readonly name: string; readonly namespace?: string }[];
  /** @default 'hook' */
  readonly strategy?: 'hook' | 'apply';
  readonly prune?: boolean;
  readonly revision?: string;
  /** @default the Application's, else none */
  readonly retry?: Retry;
  /** @default the Application's */
  readonly syncOptions?: readonly string[];
}

export interface OperationResult {
  readonly phase: 'Succeeded' | 'Failed' | 'Error' | 'Running' | 'Terminating';
  readonly message: string;
  readonly retryCount: number;
  /** One entry for each object or hook of the last attempt. */
  readonly resources: readonly Json[];
  readonly seconds: number;
}

export interface ApplicationStatus {
  readonly sync: string;
  readonly health: string;
  readonly revision: string;
  readonly operation: OperationResult | undefined;
  readonly conditions: readonly Json[];
  readonly resources: readonly Json[];
}

export interface Applications {
  createApplication(options: ApplicationOptions): Promise<void>;
  /** Starts a sync and returns at once. */
  sync(name: string, options?: SyncOptions): Promise<void>;
  /** Resolves when the running operation, retries included, has ended. */
  waitForOperation(name: string, options?: WaitOptions): Promise<OperationResult>;
  /** Terminates the running operation; resolves when it has ended. */
  terminate(name: string, options?: WaitOptions): Promise<OperationResult>;
  /** Resolves when the Application is Synced and Healthy; the error names the objects that are not. */
  waitForSyncedAndHealthy(name: string, options?: WaitOptions): Promise<void>;
  status(name: string): Promise<ApplicationStatus>;
  /** Reads Git again; resolves when the status is fresh. */
  refresh(name: string): Promise<void>;
  deleteApplication(name: string): Promise<void>;
}

export function applicationsOf(client: KubeClient): Applications {
  const read = async (name: string): Promise<Json> => {
    const found = await client.get('applications.argoproj.io', name, 'argocd');
    if (!found) throw new Error(`there is no Application ${name}`);
    return found;
  };
  const patch = (name: string, change: object): Promise<void> => client.patch('applications.argoproj.io', name, 'argocd', change);
  const status = async (name: string) => applicationStatus(await read(name));
  /** The operation once it has ended; throws what a running one says. */
  const ended = (state: Json): OperationResult => {
    if (!['Succeeded', 'Failed', 'Error'].includes(state?.phase)) throw new Error(state ? `${state.phase}: ${state.message}` : 'not begun');
    return operationResult(state);
  };
  return {
    createApplication: (options) => client.apply(application(options)),
    async sync(name, options = {}) {
      const { spec } = await read(name);
      // Without the null a sync after a failed one ends at once with the old results.
      await patch(name, { status: { operationState: null }, operation: operation(spec, options) });
    },
    waitForOperation: (name, options = {}) =>
      waitFor(
        `the end of the sync of ${name}`,
        async () => {
          const now = await read(name);
          const result = ended(now.status?.operationState);
          return !now.operation && result;
        },
        { seconds: 120, everyMs: 500, ...options },
      ),
    terminate: (name, options = {}) =>
      waitFor(
        `the end of the terminated sync of ${name}`,
        async () => {
          const state = (await read(name)).status?.operationState;
          // Again and again: a controller in the middle of a step may write its own Running over it.
          if (state?.phase === 'Running') await patch(name, { status: { operationState: { phase: 'Terminating' } } });
          return ended(state);
        },
        { seconds: 120, everyMs: 500, ...options },
      ),
    status,
    async waitForSyncedAndHealthy(name, options = {}) {
      await waitFor(
        `${name} to be Synced and Healthy`,
        async () => {
          const now = await status(name);
          if (now.sync === 'Synced' && now.health === 'Healthy') return true;
          throw new Error(`${now.sync} and ${now.health}: ${notYet(now.resources)}`);
        },
        { everyMs: 500, ...options },
      );
    },
    async refresh(name) {
      await patch(name, { metadata: { annotations: { 'argocd.argoproj.io/refresh': 'hard' } } });
      await waitFor(`the refresh of ${name}`, async () => !(await read(name)).metadata.annotations?.['argocd.argoproj.io/refresh']);
    },
    deleteApplication: async (name) => void (await client.kubectl(['delete', 'applications.argoproj.io', name, '-n', 'argocd', '--wait=false'])),
  };
}

function applicationStatus({ status = {} }: Json): ApplicationStatus {
  return {
    sync: status.sync?.status ?? 'Unknown',
    health: status.health?.status ?? 'Unknown',
    revision: status.sync?.revision ?? '',
    operation: status.operationState && operationResult(status.operationState),
    conditions: status.conditions ?? [],
    resources: status.resources ?? [],
  };
}

function notYet(resources: readonly Json[]): string {
  return resources
    .filter((one) => one.status !== 'Synced' || (one.health && one.health.status !== 'Healthy'))
    .map((one) => `${one.kind}/${one.name} ${one.status} ${one.health?.status ?? ''}`)
    .join(', ');
}

function application(options: ApplicationOptions): object {
  const { automated, retry, syncOptions } = options;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: options.name, namespace: 'argocd', annotations: { ...options.annotations } },
    spec: {
      project: 'default',
      source: { repoURL: options.repo, path: options.path ?? '.', targetRevision: options.revision ?? 'main', ...(options.plugin && { plugin: options.plugin }) },
      destination: { server: 'https://kubernetes.default.svc', namespace: options.destinationNamespace ?? 'default' },
      ...(options.ignoreDifferences && { ignoreDifferences: options.ignoreDifferences }),
      syncPolicy: { ...(automated && { automated }), ...(retry && { retry: retryPolicy(retry) }), ...(syncOptions && { syncOptions }) },
    },
  };
}

function operation(spec: Json, options: SyncOptions): object {
  const retry = options.retry ? retryPolicy(options.retry) : spec.syncPolicy?.retry;
  const strategy = options.strategy ?? 'hook';
  const syncOptions = options.syncOptions ?? spec.syncPolicy?.syncOptions ?? [];
  return {
    initiatedBy: { username: 'test' },
    ...(retry && { retry }),
    sync: {
      syncOptions,
      syncStrategy: { [strategy]: {} },
      ...(options.prune && { prune: true }),
      ...(options.revision && { revision: options.revision }),
      ...(options.resources && { resources: options.resources }),
    },
  };
}

function retryPolicy(retry: Retry): object {
  return { limit: retry.limit, backoff: { duration: retry.backoff ?? '1s', factor: 1, maxDuration: '30s' } };
}

function operationResult(state: Json): OperationResult {
  return {
    phase: state.phase,
    message: state.message ?? '',
    retryCount: state.retryCount ?? 0,
    resources: state.syncResult?.resources ?? [],
    seconds: state.finishedAt ? (Date.parse(state.finishedAt) - Date.parse(state.startedAt)) / 1000 : Number.NaN,
  };
}
