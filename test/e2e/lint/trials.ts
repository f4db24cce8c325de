import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { createGitRepo, type GitRepo } from '../../cluster/git-repo.ts';
import { startCluster } from '../../cluster/start-cluster.ts';
import { waitFor, type WaitOptions } from '../../cluster/wait-for.ts';
import { lintManifests } from '../../../src/sequencers/lint/lint.ts';
import { apiOf, collection, type Api, type Plural } from './api.ts';
import { exampleImage } from './examples.ts';

export interface TrialOptions {
  readonly automated?: { readonly prune?: boolean; readonly selfHeal?: boolean };
  readonly syncOptions?: readonly string[];
  /** The commit of the start, whatever the trials beside it commit: a new revision is no self-heal. @default false */
  readonly pinned?: boolean;
  /** Its deletion deletes its objects. @default true */
  readonly cascade?: boolean;
  /** Values of a chart, of which the text is the only template; Argo CD renders it. @default the text is manifests */
  readonly values?: string;
}

/** The end of a sync. */
export interface Outcome {
  readonly phase: string;
  readonly message: string;
  /** An entry for each object and hook. */
  readonly resources: readonly Json[];
}

/** One stream of manifests as an Application of its own, in a namespace of the same name. */
export interface Trial {
  readonly name: string;
  /** Changes what Git holds. */
  commit(text: string): Promise<void>;
  /** Starts a sync of the newest commit; resolves when it runs. */
  start(options?: object): Promise<void>;
  ended(options?: WaitOptions): Promise<Outcome>;
  sync(options?: object): Promise<Outcome>;
  application(): Promise<Json>;
  /** The phase of the running or last sync. */
  phase(): Promise<string | undefined>;
  get(plural: Plural, name: string): Promise<Json>;
  list(plural: Plural): Promise<readonly Json[]>;
  /** Resolves when an object that Argo CD deletes is no longer there: a deletion is done a moment after the sync. */
  gone(plural: Plural, name: string): Promise<unknown>;
  /** How often an object was created, by the API server's own log. */
  creations(plural: Plural, name: string): number;
  patch(plural: Plural, name: string, change: object): Promise<void>;
  refresh(): Promise<void>;
  /** Resolves when the sync has ended. */
  terminate(): Promise<unknown>;
  /** Deletes the Application. */
  remove(): Promise<void>;
  /** Creates it again. */
  create(options: { readonly cascade: boolean }): Promise<void>;
}

const all: { readonly name: string; readonly text: string; readonly options: TrialOptions }[] = [];
let cluster: Cluster;
let api: Api;
let repo: GitRepo;
const files: Record<string, string> = {};
let revision: Promise<string>;
let firstRevision: string;

/** Announces a trial; all are created together when the file starts. */
export function trial(name: string, text: string, settings: TrialOptions = {}): Trial {
  all.push({ name, text, options: settings });
  const path = `/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/${name}`;
  const self: Trial = {
    name,
    async commit(changed) {
      Object.assign(files, filesOf(name, changed, settings));
      revision = revision.then(() => repo.commit(files, name));
      await revision;
    },
    async start(options = {}) {
      const change = { status: { operationState: null }, operation: { initiatedBy: { username: 'test' }, sync: { syncStrategy: { hook: {} }, revision: await revision, ...options } } };
      const { status, body } = await api.send('PATCH', path, change);
      if (status !== 200) throw new Error(`${name}: ${JSON.stringify(body)}`);
      await waitFor(`the start of the sync of ${name}`, async () => (await self.application()).status?.operationState?.phase);
    },
    async ended(options = {}) {
      const state = await waitFor(`the end of the sync of ${name}`, async () => {
        const { operation, status } = await self.application();
        return !operation && /Succeeded|Failed|Error/.test(status?.operationState?.phase) && status.operationState;
      }, { everyMs: 400, seconds: 90, ...options });
      return { phase: state.phase, message: state.message ?? '', resources: state.syncResult?.resources ?? [] };
    },
    async sync(options) {
      await self.start(options);
      return self.ended();
    },
    application: () => api.get(path),
    phase: async () => (await self.application()).status?.operationState?.phase,
    get: (plural, object) => api.get(`${collection(plural, name)}/${object}`),
    list: async (plural) => (await api.get(collection(plural, name))).items,
    gone: (plural, object) => waitFor(`the end of ${name}/${object}`, async () => (await self.get(plural, object)) === undefined),
    creations: (plural, object) => countCreations(cluster.apiserver.auditLog, { plural, namespace: name, object }),
    refresh: () => cluster.argocd.refresh(name),
    patch: async (plural, object, change) => void (await api.send('PATCH', `${collection(plural, name)}/${object}`, change)),
    terminate: () => cluster.argocd.terminate(name),
    create: (how) => cluster.apply(application(name, { ...settings, ...how })),
    remove: async () => void (await api.send('DELETE', path)),
  };
  return self;
}

/** What lint says of each trial, as Argo CD would get it. */
export function judgedTrials(): readonly { readonly name: string; readonly codes: readonly string[] }[] {
  return all.map(({ name, text, options: { automated, syncOptions = [], values } }) => {
    const options = { engine: 'argo', selfHeal: automated?.selfHeal ?? false, syncOptions } as const;
    const source = [{ file: name, text }];
    const { findings } = values === undefined ? lintManifests(source, options) : lintManifests([], { ...options, templates: source });
    return { name, codes: findings.map(({ code }) => code) };
  });
}

/** One cluster with Argo CD and a kubelet, for all trials of the file. */
export function useTrials(): void {
  dumpLogsOnFailure(() => cluster);
  beforeAll(async () => {
    cluster = await startCluster({ kubelets: 1, argocd: { waveDelaySeconds: 0, resyncSeconds: 120 } });
    api = await apiOf(cluster.kubeconfig);
    await cluster.images.load(await exampleImage());
    repo = await createGitRepo(join(cluster.dir, 'repo'));
    for (const { name, text, options } of all) Object.assign(files, filesOf(name, text, options));
    revision = repo.commit(files, 'all trials');
    firstRevision = await revision;
    await cluster.apply([STAND_IN_DEFINITION, ...all.map(({ name }) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }))]);
    await cluster.apply(all.map(({ name, options }) => application(name, options)));
  });
  afterAll(() => cluster?.stop());
}

/** Starts the controller anew, with more flags. */
export async function restartController(...flags: readonly string[]): Promise<void> {
  await cluster.argocd.controller.kill();
  await cluster.argocd.controller.start(...flags);
}

function filesOf(name: string, text: string, { values }: TrialOptions): Readonly<Record<string, string>> {
  if (values === undefined) return { [`${name}/all.yaml`]: text };
  return { [`${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`, [`${name}/values.yaml`]: values, [`${name}/templates/all.yaml`]: text };
}

function application(name: string, { automated, syncOptions, cascade = true, pinned = false }: TrialOptions): object {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd', ...(cascade && { finalizers: ['resources-finalizer.argocd.argoproj.io'] }) },
    spec: {
      project: 'default',
      source: { repoURL: repo.url, path: name, targetRevision: pinned ? firstRevision : 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace: name },
      syncPolicy: { ...(automated && { automated }), ...(syncOptions && { syncOptions }) },
    },
  };
}

/** The real definition has the scope Cluster; this one lets two trials stand side by side. */
const STAND_IN_DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'installations.operator.tigera.io' },
  spec: {
    group: 'operator.tigera.io',
    scope: 'Namespaced',
    names: { kind: 'Installation', plural: 'installations' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }],
  },
};

function countCreations(log: string, { plural, namespace, object }: { readonly plural: string; readonly namespace: string; readonly object: string }): number {
  return readFileSync(log, 'utf8').split('\n').filter((line) => line.includes(`"namespace":"${namespace}","name":"${object}"`) && line.includes(`"resource":"${plural}"`) && line.includes('"code":201')).length;
}
