import { comparePositions, type Position } from '../argo/position.ts';
import { readDocuments, type Documents, type Source } from '../manifests/documents.ts';
import { at, list, words } from '../manifests/json.ts';
import { HELM_HOOK, HOOK, HOOK_DELETE_POLICY, SYNC_WAVE } from '../manifests/keys.ts';
import type { DocumentProblem, Manifest } from '../manifests/manifest.ts';
import { HELM_PHASES } from '../manifests/reading.ts';

/** Tool that orders the objects; `auto`: Argo CD, and also Helm where Helm's hook annotation occurs. */
export type Engine = 'auto' | 'argo' | 'helm';

export interface LintOptions {
  /** @default auto */
  readonly engine?: Engine;
  /** The application is one of a fleet that is rolled out step by step (ApplicationSet RollingSync). @default false */
  readonly fleet?: boolean;
  /** `syncPolicy.syncOptions` of the Application, such as `ServerSideApply=true`. @default none */
  readonly syncOptions?: readonly string[];
  /** The Application has `syncPolicy.automated.selfHeal`. @default false */
  readonly selfHeal?: boolean;
  /** Rendered manifests of the release before this one. @default none */
  readonly previous?: readonly Source[];
  /** Templates of the chart that the manifests are rendered from. @default none */
  readonly templates?: readonly Source[];
}

/** All objects of one application, read as the tools read them: what rules look at. */
export interface ManifestSet {
  readonly objects: readonly Manifest[];
  readonly problems: readonly DocumentProblem[];
  readonly forArgo: boolean;
  readonly forHelm: boolean;
  /** Ordered by nothing but Helm's own annotations: rules about how an Argo CD application is made keep quiet. */
  readonly isChart: boolean;
  readonly fleet: boolean;
  readonly syncOptions: readonly string[];
  readonly selfHeal: boolean;
  /** Objects of the release before. */
  readonly previous: readonly Manifest[];
  /** Not rendered: text. */
  readonly templates: readonly Source[];
  /** Objects that a sync runs as hooks, in at least one phase. */
  readonly hooks: readonly Manifest[];
  /** Objects that belong to the application: in its status, health and prune. */
  readonly tracked: readonly Manifest[];
  /** Hooks of whichever tool is looked at, delete and rollback hooks included, Helm's tests not. */
  readonly anyHooks: readonly Manifest[];
  /** Phases and waves in which Argo CD applies anything, in order, without SyncFail. */
  readonly steps: readonly Position[];
  /** Whether Argo CD waits for the health of tracked objects at all: more than one phase or wave. */
  readonly multiStep: boolean;
  /** By kind and name, any namespace. */
  named(kind: string, name: string): readonly Manifest[];
  /** Role bindings of both kinds, by the name of a ServiceAccount that they bind. */
  bindingsOf(account: string): readonly Manifest[];
}

export function buildModel({ objects, problems }: Documents, { engine = 'auto', fleet = false, syncOptions = [], selfHeal = false, previous = [], templates = [] }: LintOptions = {}): ManifestSet {
  const annotated = objects.filter(({ annotations, helm }) => helm.isHook || Object.keys(annotations).length > 0);
  const hasArgo = annotated.some(({ annotations }) => ARGO_ORDER.some((key) => key in annotations));
  const before = readDocuments(previous).objects;
  const hasHelm = [...annotated, ...before].some(({ annotations, helm }) => helm.isHook || HELM_HOOK in annotations);
  const forArgo = engine !== 'helm';
  const forHelm = engine === 'helm' || (engine === 'auto' && hasHelm);
  const steps = distinct(objects.flatMap(positionsOf));
  return {
    objects,
    problems,
    forArgo,
    forHelm,
    isChart: engine === 'helm' || (engine === 'auto' && hasHelm && !hasArgo),
    fleet,
    syncOptions,
    selfHeal,
    previous: before,
    templates,
    hooks: annotated.filter(({ argo }) => argo.isHook && argo.phases.length > 0),
    tracked: objects.filter(({ argo, helm }) => (forArgo ? !argo.isHook && !argo.skipped : !helm.isHook)),
    anyHooks: annotated.filter((one) => (forArgo && one.argo.isHook && (one.argo.phases.length > 0 || one.argo.deletes.length > 0)) || (forHelm && isHelmRun(one))),
    steps: steps.filter(({ syncPhase }) => syncPhase !== 'SyncFail'),
    multiStep: steps.length > 1,
    named: indexed(objects, ({ kind, name }) => [`${kind} ${name}`], (kind: string, name: string) => `${kind} ${name}`),
    bindingsOf: indexed(objects.filter(({ kind }) => kind === 'RoleBinding' || kind === 'ClusterRoleBinding'), accountsOf, (account: string) => account),
  };
}

/** What makes a chart with Helm's hooks an application for Argo CD too; a sync option on a definition does not (argo-cd's own chart). */
const ARGO_ORDER: readonly string[] = [HOOK, HOOK_DELETE_POLICY, SYNC_WAVE];

/** Where Argo CD applies an object: one position for each of its phases. */
export function positionsOf({ argo }: Manifest): readonly Position[] {
  return argo.phases.map((syncPhase) => ({ syncPhase, syncWave: argo.wave }));
}

/** `Sync wave 3`. */
export function describePosition({ syncPhase, syncWave }: Position): string {
  return `${syncPhase} wave ${syncWave}`;
}

function isHelmRun({ helm }: Manifest): boolean {
  return helm.isHook && helm.unknown.length === 0 && helm.events.some((event) => HELM_PHASES.has(event) || /-(?:delete|rollback)$/.test(event));
}

function distinct(positions: readonly Position[]): readonly Position[] {
  const byText = new Map(positions.map((position) => [describePosition(position), position]));
  return [...byText.values()].sort(comparePositions);
}

function accountsOf({ object }: Manifest): readonly string[] {
  return list(at(object, 'subjects')).flatMap((subject) => (at(subject, 'kind') === 'ServiceAccount' ? (words(at(subject, 'name')) ?? []) : []));
}

/** Looks objects up by keys; the index is made at the first question. */
function indexed<Q extends readonly string[]>(objects: readonly Manifest[], keysOf: (object: Manifest) => readonly string[], question: (...asked: Q) => string) {
  let index: Map<string, Manifest[]> | undefined;
  const build = (): Map<string, Manifest[]> => {
    const built = new Map<string, Manifest[]>();
    for (const object of objects) {
      for (const key of keysOf(object)) {
        const same = built.get(key);
        if (same) same.push(object);
        else built.set(key, [object]);
      }
    }
    return built;
  };
  return (...asked: Q): readonly Manifest[] => (index ??= build()).get(question(...asked)) ?? [];
}
