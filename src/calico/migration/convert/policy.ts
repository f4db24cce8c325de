import type { V3Resource } from '../model.ts';
import { convertNameNoDots } from '../names.ts';
import { convertSelector, sortedRecord } from '../selectors.ts';
import type { V1Policy } from '../v1/values.ts';
import { ConversionError, present, v3Resource } from './resource.ts';
import { convertRules } from './rule.ts';

/** @throws ConversionError on an unknown type */
export function convertPolicy(name: string, policy: V1Policy): V3Resource {
  const { untracked, pre_dnat: preDnat } = policy;
  const annotations = Object.keys(policy.annotations).length > 0 ? { annotations: sortedRecord(policy.annotations) } : {};
  return v3Resource('GlobalNetworkPolicy', { name: convertNameNoDots(name), ...annotations }, {
    ...(typeof policy.order === 'number' && { order: policy.order }),
    ...present({ ingress: convertRules(policy.inbound_rules), egress: convertRules(policy.outbound_rules) }),
    selector: convertSelector(policy.selector),
    types: convertTypes(policy),
    ...present({ doNotTrack: untracked, preDNAT: preDnat, applyOnForward: policy.apply_on_forward || untracked || preDnat }),
  });
}

/** Policies older than the field apply in both directions, those before DNAT to ingress. */
function convertTypes({ types, pre_dnat: preDnat }: V1Policy): readonly string[] {
  if (types.length === 0) return preDnat ? ['Ingress'] : ['Ingress', 'Egress'];
  return types.map(convertType);
}

function convertType(type: string): string {
  const known = ['Ingress', 'Egress'].find((one) => one.toLowerCase() === type.toLowerCase());
  if (known === undefined) throw new ConversionError(`invalid policy type: '${type}'`);
  return known;
}
