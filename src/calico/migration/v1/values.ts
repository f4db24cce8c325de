/** The v1 values (libcalico-go `lib/backend/model`), as their etcd v2 keys hold them. Fields that the v1 model does not have are ignored, as upstream does. */
import * as z from 'zod';
import { asNumber, cidr, flag, integer, ip, list, mac, port, protocol, record, stringMap, text } from './scalars.ts';

/** Upstream keeps ports without a protocol or a number; v3 validation then refuses them. */
const endpointPort = z.object({
  name: text,
  protocol: protocol.nullish().transform((value) => value ?? 0),
  port: z.int().min(0).max(65535).nullish().transform((value) => value ?? 0),
});
const nat = z.object({ int_ip: ip, ext_ip: ip });
const ports = list(port);
const nets = list(cidr);

export const rule = z.object({
  action: text,
  ip_version: integer,
  protocol: protocol.nullish(),
  '!protocol': protocol.nullish(),
  icmp_type: integer,
  icmp_code: integer,
  '!icmp_type': integer,
  '!icmp_code': integer,
  src_tag: text,
  src_net: cidr.nullish(),
  src_nets: nets,
  src_selector: text,
  src_ports: ports,
  dst_tag: text,
  dst_net: cidr.nullish(),
  dst_nets: nets,
  dst_selector: text,
  dst_ports: ports,
  '!src_tag': text,
  '!src_net': cidr.nullish(),
  '!src_nets': nets,
  '!src_selector': text,
  '!src_ports': ports,
  '!dst_tag': text,
  '!dst_net': cidr.nullish(),
  '!dst_nets': nets,
  '!dst_selector': text,
  '!dst_ports': ports,
});
export type V1Rule = z.output<typeof rule>;

const rules = { inbound_rules: list(rule), outbound_rules: list(rule) };

export const policy = z.object({
  order: z.number().nullish(),
  ...rules,
  selector: text,
  untracked: flag,
  pre_dnat: flag,
  apply_on_forward: flag,
  annotations: record,
  types: list(z.string()),
});
export type V1Policy = z.output<typeof policy>;

export const profileRules = z.object(rules);
export const profileTags = list(z.string());
export const profileLabels = record;

/** The three keys of a profile put together. */
export interface V1Profile {
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly rules: z.output<typeof profileRules>;
}

export const hostEndpoint = z.object({
  name: text,
  expected_ipv4_addrs: list(ip),
  expected_ipv6_addrs: list(ip),
  labels: record,
  profile_ids: list(z.string()),
  ports: list(endpointPort),
});
export type V1HostEndpoint = z.output<typeof hostEndpoint>;

export const workloadEndpoint = z.object({
  state: text,
  name: text,
  active_instance_id: text,
  mac: mac.nullish(),
  profile_ids: list(z.string()),
  ipv4_nets: nets,
  ipv6_nets: nets,
  ipv4_nat: list(nat),
  ipv6_nat: list(nat),
  labels: record,
  ipv4_gateway: ip.nullish(),
  ipv6_gateway: ip.nullish(),
  ports: list(endpointPort),
});
export type V1WorkloadEndpoint = z.output<typeof workloadEndpoint>;

export const ipPool = z.object({ cidr, ipip: text, ipip_mode: text, masquerade: flag, ipam: flag, disabled: flag });
export type V1IpPool = z.output<typeof ipPool>;

export const bgpPeer = z.object({ ip, as_num: asNumber });
export type V1BgpPeer = z.output<typeof bgpPeer>;

export const nodeMesh = z.object({ enabled: flag });

export const orchestratorRefs = list(z.object({ orchestrator: text, nodeName: text }));
export type V1OrchestratorRef = z.output<typeof orchestratorRefs>[number];

const count = z.int();
const optionalText = z.string().nullish();

export const ipamBlock = z.object({
  cidr,
  affinity: optionalText,
  strictAffinity: flag,
  allocations: z.array(count.nullable()).nullish(),
  unallocated: z.array(count).nullish(),
  attributes: z.array(z.object({ handle_id: optionalText, secondary: stringMap.nullish().transform((value) => value ?? null) })).nullish(),
  deleted: flag,
  hostAffinity: optionalText,
});
export type V1IpamBlock = z.output<typeof ipamBlock>;

export const ipamAffinity = z.object({ state: text, deleted: flag });
export const ipamHandle = z.object({ block: z.record(z.string(), count).nullish(), deleted: flag });
export const ipamConfig = z.object({ strict_affinity: flag, auto_allocate_blocks: flag });
