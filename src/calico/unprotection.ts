/** The end of the temporary policy: what is left of it, what would lose its only cover, and taking it away. */
import type { CalicoApi } from './calico-api.ts';
import { uncoveredDirections } from './cleanup-coverage.ts';
import type { Direction, GlobalPolicy, HostEndpoint } from './model.ts';
import { safelySelects } from './policies.ts';
import { isOurs, type ProtectionContext } from './protection.ts';
import { restorable } from './restorable.ts';
import { isTemporary, UPGRADE_ENDPOINT_LABEL } from './temporary-policy.ts';
import { changeUndo, readUndo, type Undo } from './undo.ts';

export interface Leftover {
  /** Temporary policies of this upgrade: two while Calico renames one. */
  readonly policies: readonly GlobalPolicy[];
  /** Endpoints that carry the label because of this upgrade. */
  readonly labelled: readonly HostEndpoint[];
  /** Endpoints that nothing else covers, and in which directions. */
  readonly uncovered: readonly Uncovered[];
  readonly undo: Undo;
}

export interface Uncovered {
  readonly endpoint: string;
  readonly directions: readonly Direction[];
}

/** Reads only. */
export async function findLeftover({ cluster, identity }: ProtectionContext, api: CalicoApi): Promise<Leftover> {
  const [endpoints, policies, undo] = await Promise.all([api.hostEndpoints(), api.globalPolicies(), readUndo(cluster, identity)]);
  const ours = policies.filter((policy) => isTemporary(policy) && isOurs(policy, undo, identity.upgrade));
  const labelled = endpoints.filter(({ name, labels }) => undo.endpoints.includes(name) && Object.hasOwn(labels, UPGRADE_ENDPOINT_LABEL));
  const losing = endpoints.filter((endpoint) => labelled.includes(endpoint) || ours.some((policy) => safelySelects(policy, endpoint.labels)));
  const uncovered = losing.map((endpoint) => ({ endpoint: endpoint.name, directions: uncoveredDirections(endpoint, policies) })).filter(({ directions }) => directions.length > 0);
  return { policies: ours, labelled, uncovered, undo };
}

/** `nothing`: all is done. `notes`: only the undo data still speak of it, as when the last write was lost. `protection`: there is something to take away. */
export function remains({ policies, labelled, undo }: Leftover): 'nothing' | 'notes' | 'protection' {
  if (policies.length > 0 || labelled.length > 0) return 'protection';
  return undo.endpoints.length > 0 || undo.policy ? 'notes' : 'nothing';
}

/** More endpoints have come to depend on the policy since the gates were looked at. What is taken away so far was covered. */
export class StillNeeded extends Error {
  override readonly name = 'StillNeeded';
  readonly uncovered: readonly Uncovered[];
  constructor(uncovered: readonly Uncovered[]) {
    super(`nothing else covers ${uncovered.map(({ endpoint }) => endpoint).join(', ')}`);
    this.uncovered = uncovered;
  }
}

const ROUNDS = 10;

/**
 * First saves what goes, then takes the labels away, one node after the other, and the policy last: as long as it is there, every endpoint with a label is
 * protected, and the next run sees that there is work left. Endpoints that had the label before keep it. Ends when nothing is left: Calico may be
 * renaming the policy meanwhile.
 * @throws StillNeeded; Error when the policy comes back each time; ApiError, ApiUnavailable, LockHeld
 */
export function unprotect(context: ProtectionContext, api: CalicoApi, overrides: readonly string[]): Promise<void> {
  return context.lock.hold(async (lease) => {
    const signal = AbortSignal.any([lease, context.signal]);
    for (let round = 1; round <= ROUNDS; round++) {
      signal.throwIfAborted();
      const left = await findLeftover(context, api);
      const needed = left.uncovered.filter(({ endpoint }) => !overrides.includes(endpoint));
      if (needed.length > 0) throw new StillNeeded(needed);
      if (remains(left) !== 'protection') return closeUndo(context);
      await saveRemoved(context, left);
      await removeLabels(context, api, left, signal);
      await removePolicies(context, api, left);
    }
    throw new Error('the temporary policy or its labels come back each time; find out who writes them');
  });
}

function saveRemoved({ cluster, identity }: ProtectionContext, { policies, labelled }: Leftover): Promise<void> {
  return changeUndo(cluster, identity, (undo) => {
    const saved = undo.removed ?? { policies: [], endpoints: [] };
    const known = new Set(saved.policies.map(({ metadata }) => metadata.name));
    const added = policies.map(({ stored }) => restorable(stored)).filter(({ metadata }) => !known.has(metadata.name));
    const endpoints = [...new Set([...saved.endpoints, ...labelled.map(({ name }) => name)])].sort();
    if (added.length === 0 && endpoints.length === saved.endpoints.length) return undo;
    return { ...undo, removed: { policies: [...saved.policies, ...added], endpoints } };
  });
}

async function removeLabels({ report }: ProtectionContext, api: CalicoApi, { labelled }: Leftover, signal: AbortSignal): Promise<void> {
  for (const endpoint of labelled) {
    signal.throwIfAborted();
    if (!(await api.unlabel(endpoint, UPGRADE_ENDPOINT_LABEL))) continue;
    report.event('endpoint-unlabelled', `HostEndpoint ${endpoint.name} has lost label ${UPGRADE_ENDPOINT_LABEL}`, { endpoint: endpoint.name });
  }
}

async function removePolicies({ report }: ProtectionContext, api: CalicoApi, { policies }: Leftover): Promise<void> {
  for (const policy of policies) {
    if (await api.deletePolicy(policy)) report.event('policy-deleted', `GlobalNetworkPolicy ${policy.stored.metadata.name} is deleted`, { policy: policy.stored.metadata.name });
  }
}

/** From here on the label belongs to whoever sets it. */
function closeUndo({ cluster, identity }: ProtectionContext): Promise<void> {
  return changeUndo(cluster, identity, (undo) => (undo.endpoints.length === 0 && !undo.policy ? undo : { ...undo, endpoints: [], policy: false }));
}
