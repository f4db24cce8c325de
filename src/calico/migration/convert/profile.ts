import type { V3Resource } from '../model.ts';
import { profileName } from '../names.ts';
import { sortedRecord } from '../selectors.ts';
import type { V1Profile } from '../v1/values.ts';
import { ConversionError, present, v3Resource } from './resource.ts';
import { convertRules } from './rule.ts';

/**
 * Tags, which v3 does not have, become labels with an empty value.
 * @throws ConversionError when a tag is a label already, or comes twice
 */
export function convertProfile(name: string, { tags, labels, rules }: V1Profile): V3Resource {
  const v3Name = profileName(name);
  const merged = new Map(Object.entries(labels));
  for (const tag of tags) {
    const value = merged.get(tag);
    if (value !== undefined) throw new ConversionError(clash(tag, value, v3Name));
    merged.set(tag, '');
  }
  return v3Resource('Profile', { name: v3Name }, {
    ...present({ ingress: convertRules(rules.inbound_rules), egress: convertRules(rules.outbound_rules) }),
    ...(merged.size > 0 && { labelsToApply: sortedRecord(Object.fromEntries(merged)) }),
  });
}

/** The start is upstream's text, which scripts look for. */
function clash(tag: string, value: string, profile: string): string {
  return `Tag: '${tag}' and Label '${tag} == ${value}' have the same value for Profile: ${profile}. Rename or remove one of the two in the v1 profile`;
}
