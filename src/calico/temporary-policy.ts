/** The temporary policy of upstream's runbook (projectcalico/calico v3.22, calico/_includes/content/hostendpoints-upgrade.md). */
import type { GlobalPolicy, PolicySpec, Rule } from './model.ts';
import { governs, isNormal, matchesEverything, tierOf } from './policies.ts';

export const TEMPORARY_POLICY = 'allow-all-upgrade';

/** Under which names it may be found: up to v3.31 the storage puts the tier before the name, and v3.32 renames what it finds. */
export const TEMPORARY_POLICY_NAMES: readonly string[] = [TEMPORARY_POLICY, `default.${TEMPORARY_POLICY}`];

/** Label key on the endpoints; its value is empty. */
export const UPGRADE_ENDPOINT_LABEL = 'host-endpoint-upgrade';

/** Annotation of the policy that hookwave made; its value is the name of the upgrade. */
export const UPGRADE_ANNOTATION = 'hookwave.dev/upgrade';

const LOG_AND_ALLOW: readonly Rule[] = [{ action: 'Log' }, { action: 'Allow' }];
const SELECTOR = `has(${UPGRADE_ENDPOINT_LABEL})`;

/** No order: evaluated last, so that explicit rules of other policies keep their say. Not on forwarded traffic, which is allowed without a policy. */
export const TEMPORARY_SPEC: PolicySpec = { selector: SELECTOR, types: ['Ingress', 'Egress'], ingress: LOG_AND_ALLOW, egress: LOG_AND_ALLOW };

export function isTemporary({ name, stored }: GlobalPolicy): boolean {
  return TEMPORARY_POLICY_NAMES.includes(name) || TEMPORARY_POLICY_NAMES.includes(stored.metadata.name);
}

/** Exactly what hookwave would write, apart from fields that say nothing. */
export function isAsWritten(policy: GlobalPolicy): boolean {
  const { spec } = policy;
  return allowsLabelled(policy) && [spec.ingress, spec.egress].every((rules) => rules?.map(({ action }) => action).join() === 'Log,Allow');
}

/** Whether it does its work: allows all traffic, both ways, on the labelled endpoints, and touches nothing else. */
export function allowsLabelled(policy: GlobalPolicy): boolean {
  const { spec } = policy;
  const isPlain = isNormal(policy) && !spec.applyOnForward && !spec.namespaceSelector && !spec.serviceAccountSelector && tierOf(policy) === 'default';
  return isPlain && spec.selector === SELECTOR && governs(spec, 'ingress') && governs(spec, 'egress') && [spec.ingress, spec.egress].every(allowsAll);
}

function allowsAll(rules: readonly Rule[] | undefined): boolean {
  const first = rules?.find(({ action }) => action !== 'Log');
  return first?.action === 'Allow' && matchesEverything(first);
}
