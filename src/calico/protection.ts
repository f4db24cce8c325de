/** The preparation for v3.14: which `*` host endpoints need the temporary policy, and giving it to them. */
import { isAlreadyExists } from '../kube/errors.ts';
import type { StepContext } from '../steps/step.ts';
import type { CalicoApi } from './calico-api.ts';
import { coverage, type Coverage } from './coverage.ts';
import { listEndpoints } from './denies.ts';
import { isManualAllInterfaces } from './host-endpoints.ts';
import type { GlobalPolicy, HostEndpoint, Tier } from './model.ts';
import { allowsLabelled, isAsWritten, isTemporary, TEMPORARY_POLICY, TEMPORARY_SPEC, UPGRADE_ANNOTATION, UPGRADE_ENDPOINT_LABEL } from './temporary-policy.ts';
import { changeUndo, readUndo, type Undo } from './undo.ts';

export interface ProtectionNeed {
  /** Manual `*` endpoints that no allowing policy covers. */
  readonly inNeed: readonly HostEndpoint[];
  /** Manual `*` endpoints that are covered without the temporary policy, and by what. */
  readonly covered: readonly { readonly endpoint: HostEndpoint; readonly by: Coverage }[];
  readonly temporary: readonly GlobalPolicy[];
}

export function protectionNeed(endpoints: readonly HostEndpoint[], policies: readonly GlobalPolicy[], tiers: readonly Tier[]): ProtectionNeed {
  const others = policies.filter((policy) => !isTemporary(policy));
  const judged = endpoints.filter(isManualAllInterfaces).map((endpoint) => ({ endpoint, by: coverage(endpoint, others, tiers) }));
  return {
    inNeed: judged.filter(({ by }) => !isAllowing(by)).map(({ endpoint }) => endpoint),
    covered: judged.filter(({ by }) => isAllowing(by)),
    temporary: policies.filter(isTemporary),
  };
}

function isAllowing({ is }: Coverage): boolean {
  return is !== 'unprotected' && is !== 'denied';
}

/** Whether hookwave made the policy for this upgrade: by its mark, or by the undo data when somebody has applied it anew without the mark. */
export function isOurs(policy: GlobalPolicy, undo: Undo, upgrade: string): boolean {
  const mark = policy.annotations[UPGRADE_ANNOTATION];
  return mark === undefined ? undo.policy && allowsLabelled(policy) : mark === upgrade;
}

/** A policy that has the name of the temporary one and does not do its work. */
export function conflictingPolicy(temporary: readonly GlobalPolicy[], undo: Undo, upgrade: string): GlobalPolicy | undefined {
  return temporary.find((policy) => !(isOurs(policy, undo, upgrade) ? allowsLabelled(policy) : isAsWritten(policy)));
}

/** A foreign policy has the name of the temporary one. Nothing was changed. */
export class PolicyConflict extends Error {
  override readonly name = 'PolicyConflict';
  constructor(policy: GlobalPolicy) {
    super(`GlobalNetworkPolicy ${policy.stored.metadata.name} exists and is not the temporary policy: it does not log and allow all traffic of has(${UPGRADE_ENDPOINT_LABEL})`);
  }
}

export interface Protected extends ProtectionNeed {
  /** Whether there was something to write. Not what the writes answered: to the repeat of one whose answer was lost, all is done already. */
  readonly changed: boolean;
}

export type ProtectionContext = Pick<StepContext, 'cluster' | 'identity' | 'lock' | 'report' | 'signal'>;

const ROUNDS = 10;

/**
 * Protects every `*` endpoint in need, and those that appear meanwhile. First the policy, which selects nothing yet, then the labels: each endpoint is safe
 * at once when it gets its label, and a kill leaves nothing that does harm or that the next run does not complete. Takes the Lease only when
 * there is something to change.
 * @throws PolicyConflict; Error when the protection does not last; ApiError, ApiUnavailable, LockHeld
 */
export async function protectNewEndpoints(context: ProtectionContext, api: CalicoApi): Promise<Protected> {
  const first = await look(context, api);
  if (isComplete(first)) return { ...first, changed: false };
  return context.lock.hold(async (lease) => {
    const signal = AbortSignal.any([lease, context.signal]);
    for (let round = 1; round <= ROUNDS; round++) {
      signal.throwIfAborted();
      const seen = await look(context, api);
      if (isComplete(seen)) return { ...seen, changed: round > 1 };
      await noteIntent(context, seen);
      await ensurePolicy(context, api, seen);
      for (const endpoint of withoutLabel(seen)) {
        signal.throwIfAborted();
        if (!(await api.label(endpoint, UPGRADE_ENDPOINT_LABEL, ''))) continue;
        context.report.event('endpoint-labelled', `HostEndpoint ${endpoint.name} has label ${UPGRADE_ENDPOINT_LABEL}`, { endpoint: endpoint.name });
      }
    }
    const { inNeed } = await look(context, api);
    throw new Error(
      `the protection of ${listEndpoints(inNeed.map(({ name }) => name))} does not last: somebody takes label ${UPGRADE_ENDPOINT_LABEL} or policy ${TEMPORARY_POLICY} away; where Git owns the endpoints, add the label there`,
    );
  });
}

interface Sight extends ProtectionNeed {
  readonly undo: Undo;
}

async function look({ cluster, identity }: ProtectionContext, api: CalicoApi): Promise<Sight> {
  const [endpoints, policies, tiers, undo] = await Promise.all([api.hostEndpoints(), api.globalPolicies(), api.tiers(), readUndo(cluster, identity)]);
  const need = protectionNeed(endpoints, policies, tiers);
  const conflict = need.inNeed.length === 0 ? undefined : conflictingPolicy(need.temporary, undo, identity.upgrade);
  if (conflict) throw new PolicyConflict(conflict);
  return { ...need, undo };
}

function isComplete(sight: Sight): boolean {
  return sight.inNeed.length === 0 || (sight.temporary.length > 0 && withoutLabel(sight).length === 0);
}

function withoutLabel({ inNeed }: ProtectionNeed): readonly HostEndpoint[] {
  return inNeed.filter(({ labels }) => !Object.hasOwn(labels, UPGRADE_ENDPOINT_LABEL));
}

function noteIntent({ cluster, identity }: ProtectionContext, sight: Sight): Promise<void> {
  const creates = sight.temporary.length === 0;
  const names = withoutLabel(sight).map(({ name }) => name);
  return changeUndo(cluster, identity, (undo) => {
    const endpoints = [...new Set([...undo.endpoints, ...names])].sort();
    const policy = undo.policy || creates;
    return endpoints.length === undo.endpoints.length && policy === undo.policy ? undo : { ...undo, endpoints, policy };
  });
}

async function ensurePolicy({ identity, report }: ProtectionContext, api: CalicoApi, { temporary }: Sight): Promise<void> {
  if (temporary.length > 0) return;
  try {
    await api.createPolicy(TEMPORARY_POLICY, { [UPGRADE_ANNOTATION]: identity.upgrade }, TEMPORARY_SPEC);
  } catch (error) {
    if (isAlreadyExists(error)) return;
    throw error;
  }
  report.event('policy-created', `GlobalNetworkPolicy ${TEMPORARY_POLICY} logs and allows all traffic of has(${UPGRADE_ENDPOINT_LABEL})`);
}
