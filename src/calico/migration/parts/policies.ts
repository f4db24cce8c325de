import { convertIpPool } from '../convert/ip-pool.ts';
import { convertPolicy } from '../convert/policy.ts';
import { convertProfile } from '../convert/profile.ts';
import type { Outcome } from '../model.ts';
import { byteOrder } from '../order.ts';
import { v1KeyText, type V1KeyOf } from '../v1/keys.ts';
import { parseValue } from '../v1/parse-value.ts';
import { ipPool, policy, profileLabels, profileRules, profileTags, type V1Profile } from '../v1/values.ts';
import { attempt, convertEach } from './each.ts';
import { conversionError, isKeyed, judge, keyed, skipped, type Keyed, type PartConverter, type State } from './part.ts';

export const convertIpPools: PartConverter = (entries, _read, { names }) => convertEach(entries, names, { is: 'ip pool', schema: ipPool, convert: (_key, value) => convertIpPool(value) });

export const convertPolicies: PartConverter = (entries, _read, { names }) =>
  convertEach(entries, names, {
    is: 'policy',
    skip: (key) => (key.name.startsWith('knp.default.') ? skipped(key, "a Kubernetes NetworkPolicy; Calico v3's controllers write it again") : undefined),
    schema: policy,
    convert: (key, value) => convertPolicy(key.name, value),
  });

type ProfileKey = V1KeyOf<'profile'>;

/** A profile is up to three keys; profiles go in the order of their v1 names, as upstream has it. */
export const convertProfiles: PartConverter = function* (entries, _read, state) {
  const profiles = new Map<string, Keyed[]>();
  for (const entry of entries) {
    const one = keyed(entry);
    if (!isKeyed(one)) yield one;
    else if (one.key.is === 'profile') profiles.set(one.key.name, [...(profiles.get(one.key.name) ?? []), one]);
  }
  for (const name of [...profiles.keys()].sort(byteOrder)) yield* convertOne(name, profiles.get(name)!, state);
};

function* convertOne(name: string, parts: readonly Keyed[], { names }: State): Generator<Outcome> {
  const key: ProfileKey = { is: 'profile', name, of: 'rules' };
  const recreated = recreatedBy(name);
  if (recreated !== undefined) return void (yield skipped(key, recreated));
  const { profile, problems } = readProfile(parts);
  if (problems.length > 0) return void (yield conversionError(key, problems.join('; ')));
  const converted = attempt(() => convertProfile(name, profile));
  if ('problem' in converted) yield conversionError(key, converted.problem);
  else yield* judge(converted.resource, names, { v1: v1KeyText(key) });
}

function recreatedBy(name: string): string | undefined {
  if (name.startsWith('k8s_ns.')) return "the profile of a Kubernetes namespace; Calico v3's controllers write it again";
  return name.startsWith('openstack-sg-') ? "an OpenStack security group; Calico's Neutron driver for v3 writes it again" : undefined;
}

const EMPTY: V1Profile = { tags: [], labels: {}, rules: { inbound_rules: [], outbound_rules: [] } };
const SCHEMAS = { tags: profileTags, labels: profileLabels, rules: profileRules } as const;

function readProfile(parts: readonly Keyed[]): { readonly profile: V1Profile; readonly problems: readonly string[] } {
  const read: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const { key, value } of parts) {
    const { of } = key as ProfileKey;
    const parsed = parseValue<unknown>(SCHEMAS[of], value);
    if ('problem' in parsed) problems.push(`${of}: ${parsed.problem}`);
    else read[of] = parsed.value;
  }
  return { profile: { ...EMPTY, ...read }, problems };
}
