import { LABEL_VALUE, QUALIFIED_NAME } from './metadata.ts';
import { isLabelValue, isQualifiedName } from './names.ts';
import type { FieldProblem } from './problem.ts';
import { ruleProblems, type Rule } from './rule.ts';
import { selectorProblems } from './selector.ts';

interface PolicySpec {
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
  readonly selector: string;
  readonly types: readonly string[];
  readonly doNotTrack?: boolean;
  readonly preDNAT?: boolean;
  readonly applyOnForward?: boolean;
}

export function policyProblems(spec: PolicySpec): readonly FieldProblem[] {
  const { ingress = [], egress = [], types, doNotTrack = false, preDNAT = false, applyOnForward = false } = spec;
  const repeated = types.find((type, index) => types.indexOf(type) !== index);
  return [
    ...selectorProblems('Selector', spec.selector),
    ...[...ingress, ...egress].flatMap(ruleProblems),
    ...(doNotTrack && preDNAT ? [{ field: 'PolicySpec.PreDNAT', value: true, reason: 'PreDNAT and DoNotTrack cannot both be true' }] : []),
    ...(preDNAT && egress.length > 0 ? [{ field: 'PolicySpec.Egress', value: `${egress.length} rules`, reason: 'a PreDNAT policy cannot have egress rules' }] : []),
    ...(preDNAT && types.includes('Egress') ? [{ field: 'PolicySpec.Types', value: types, reason: "a PreDNAT policy cannot have the type 'Egress'" }] : []),
    ...((doNotTrack || preDNAT) && !applyOnForward ? [{ field: 'PolicySpec.ApplyOnForward', value: false, reason: 'must be true with PreDNAT or DoNotTrack' }] : []),
    ...(repeated === undefined ? [] : [{ field: 'GlobalNetworkPolicySpec.Types', value: types, reason: `'${repeated}' type specified more than once` }]),
  ];
}

interface ProfileSpec {
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
  readonly labelsToApply?: Readonly<Record<string, string>>;
}

export function profileProblems({ ingress = [], egress = [], labelsToApply = {} }: ProfileSpec): readonly FieldProblem[] {
  const labels = Object.entries(labelsToApply).flatMap(([key, value]) => [
    ...(isQualifiedName(key) ? [] : [{ field: 'LabelsToApply', value: key, reason: QUALIFIED_NAME }]),
    ...(isLabelValue(value) ? [] : [{ field: 'LabelsToApply', value, reason: LABEL_VALUE }]),
  ]);
  return [...[...ingress, ...egress].flatMap(ruleProblems), ...labels];
}
