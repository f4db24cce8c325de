import type { SyncPhase } from '../argo/position.ts';
import { HELM_DELETE_POLICY, HELM_HOOK, HELM_WEIGHT, HOOK, HOOK_DELETE_POLICY, SYNC_WAVE } from './keys.ts';

export type DeletePolicy = 'BeforeHookCreation' | 'HookSucceeded' | 'HookFailed';
export type DeleteHook = 'PreDelete' | 'PostDelete';

/** What Argo CD makes of an object's annotations (argo-cd v3.2 to v3.6, gitops-engine pkg/sync/hook, syncwaves; controller/hook.go). */
export interface ArgoReading {
  /** A hook, though perhaps one without a phase. */
  readonly isHook: boolean;
  /** `Skip` alone: never applied. */
  readonly skipped: boolean;
  /** Sync phases of a hook; `Sync` for an ordinary object; none for what is never applied by a sync. */
  readonly phases: readonly SyncPhase[];
  /** Runs when the Application is deleted. */
  readonly deletes: readonly DeleteHook[];
  readonly wave: number;
  /** Argo CD's and Helm's united; `BeforeHookCreation` when none is valid. */
  readonly policies: readonly DeletePolicy[];
  /** Whether an annotation names a valid policy. */
  readonly explicitPolicy: boolean;
}

/** What Helm makes of them (helm v3.21 and v4.2, pkg/release/v1/util/manifest_sorter.go and hook.go). */
export interface HelmReading {
  /** Has the hook annotation. */
  readonly isHook: boolean;
  /** Lower case, as Helm reads them. */
  readonly events: readonly string[];
  /** Events that Helm does not know; one is enough for the object to be dropped. */
  readonly unknown: readonly string[];
  readonly weight: number;
  readonly policies: readonly DeletePolicy[];
}

export const SYNC_PHASES: readonly SyncPhase[] = ['PreSync', 'Sync', 'PostSync', 'SyncFail'];
export const DELETE_HOOKS: readonly DeleteHook[] = ['PreDelete', 'PostDelete'];
export const DELETE_POLICIES: readonly DeletePolicy[] = ['BeforeHookCreation', 'HookSucceeded', 'HookFailed'];

/** Events and the Argo CD phase of each; the others never run under Argo CD. */
export const HELM_PHASES: ReadonlyMap<string, SyncPhase> = new Map([
  ['pre-install', 'PreSync'],
  ['pre-upgrade', 'PreSync'],
  ['post-install', 'PostSync'],
  ['post-upgrade', 'PostSync'],
]);
const HELM_DELETES: ReadonlyMap<string, DeleteHook> = new Map([['pre-delete', 'PreDelete'], ['post-delete', 'PostDelete']]);
export const HELM_EVENTS = [...HELM_PHASES.keys(), ...HELM_DELETES.keys(), 'pre-rollback', 'post-rollback', 'test', 'test-success'];
export const HELM_POLICIES: ReadonlyMap<string, DeletePolicy> = new Map([
  ['before-hook-creation', 'BeforeHookCreation'],
  ['hook-succeeded', 'HookSucceeded'],
  ['hook-failed', 'HookFailed'],
]);

const PLAIN_ARGO: ArgoReading = { isHook: false, skipped: false, phases: ['Sync'], deletes: [], wave: 0, policies: ['BeforeHookCreation'], explicitPolicy: false };
const PLAIN_HELM: HelmReading = { isHook: false, events: [], unknown: [], weight: 0, policies: ['BeforeHookCreation'] };

type Annotations = Readonly<Record<string, string>>;

export function readArgo(annotations: Annotations): ArgoReading {
  const tokens = csv(annotations[HOOK]);
  const helm = annotations[HELM_HOOK];
  if (annotations[HOOK] === undefined && helm === undefined && annotations[SYNC_WAVE] === undefined && annotations[HELM_WEIGHT] === undefined) return PLAIN_ARGO;
  const own = tokens.filter((token) => token === 'Skip' || isIn(SYNC_PHASES, token));
  const skipped = own.length === 1 && own[0] === 'Skip';
  const isHook = annotations[HOOK] === undefined ? helm !== undefined && helm !== 'crd-install' : !skipped;
  const mapped = own.length > 0 ? own : csv(helm).flatMap((event) => HELM_PHASES.get(event) ?? []);
  const policies = readArgoPolicies(annotations);
  return {
    isHook,
    skipped,
    phases: isHook ? SYNC_PHASES.filter((phase) => mapped.includes(phase)) : skipped ? [] : ['Sync'],
    deletes: DELETE_HOOKS.filter((hook) => tokens.includes(hook) || csv(helm).some((event) => HELM_DELETES.get(event) === hook)),
    wave: atoi(annotations[SYNC_WAVE]) ?? atoi(annotations[HELM_WEIGHT]) ?? 0,
    policies: policies.length > 0 ? policies : ['BeforeHookCreation'],
    explicitPolicy: policies.length > 0,
  };
}

function readArgoPolicies(annotations: Annotations): readonly DeletePolicy[] {
  const named = [...csv(annotations[HOOK_DELETE_POLICY]), ...csv(annotations[HELM_DELETE_POLICY]).map((policy) => HELM_POLICIES.get(policy))];
  return DELETE_POLICIES.filter((policy) => named.includes(policy));
}

export function readHelm(annotations: Annotations): HelmReading {
  const hook = annotations[HELM_HOOK];
  if (hook === undefined) return PLAIN_HELM;
  const events = hook.split(',').map((event) => event.trim().toLowerCase());
  const named = annotations[HELM_DELETE_POLICY]?.split(',').map((policy) => HELM_POLICIES.get(policy.trim().toLowerCase()));
  return {
    isHook: true,
    events,
    unknown: events.filter((event) => !HELM_EVENTS.includes(event)),
    weight: atoi(annotations[HELM_WEIGHT]) ?? 0,
    // Even an empty annotation takes the default away.
    policies: named ? DELETE_POLICIES.filter((policy) => named.includes(policy)) : ['BeforeHookCreation'],
  };
}

/** Values of a list annotation: trimmed, without empty ones and repetitions; upper and lower case matter. */
export function csv(value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  return [...new Set(value.split(',').map((one) => one.trim()).filter((one) => one !== ''))];
}

/** Go's strconv.Atoi; `undefined` for what it refuses. */
export function atoi(value: string | undefined): number | undefined {
  if (value === undefined || !/^[+-]?[0-9]+$/.test(value)) return undefined;
  const integer = BigInt(value.replace('+', ''));
  return BigInt.asIntN(64, integer) === integer ? Number(integer) : undefined;
}

function isIn<T extends string>(known: readonly T[], value: string): value is T {
  return (known as readonly string[]).includes(value);
}
