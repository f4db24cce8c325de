/** Names of v3 objects from those of v1 (libcalico-go `lib/upgrade/converters/names.go`, `lib/names`). */
import { createHash } from 'node:crypto';
import { formatCidr, type Cidr, type Ip } from './net.ts';

/** A node's name: normalised, without a qualifier, so that it stays what the node calls itself. Two hosts can therefore clash. */
export function nodeName(v1: string): string {
  return normalize(v1);
}

/** Lower case, dots, dashes. A name that had to change ends in 8 hex digits of SHA-1 of what it was, so that different names stay different. */
export function convertName(v1: string): string {
  return qualified(v1, normalize(v1));
}

/** The same without dots, as policies need it. */
export function convertNameNoDots(v1: string): string {
  return qualified(v1, normalize(v1).replaceAll('.', '-'));
}

/** Profiles of Kubernetes namespaces move from `k8s_ns.` to `kns.` first. */
export function profileName(v1: string): string {
  return convertName(v1.startsWith('k8s_ns.') ? `kns.${v1.slice('k8s_ns.'.length)}` : v1);
}

/** `10-0-0-1`; IPv6 in full: `fe80-0000-0000-0000-0000-0000-0000-0001`. */
export function ipName({ version, bytes }: Ip): string {
  if (version === 4) return bytes.join('-');
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
  return Array.from({ length: 8 }, (_, group) => `${hex[group * 2]}${hex[group * 2 + 1]}`).join('-');
}

/** `10-0-0-0-16`, `2006---64`. */
export function poolName(cidr: Cidr): string {
  return formatCidr(cidr).replaceAll(/[.:/]/g, '-');
}

function normalize(name: string): string {
  return NORMAL.test(name) ? name : normalized(name);
}

/** Most names: nothing to do. */
const NORMAL = /^(?:[a-z0-9]+[-.])*[a-z0-9]+$/;

function normalized(name: string): string {
  return lowerCase(name)
    .replaceAll('/', '.')
    .replaceAll(/[^-.a-z0-9]+/g, '-')
    .replaceAll(/[.-]*\.[.-]*/g, '.')
    .replaceAll(/^[.-]+|[.-]+$/g, '');
}

/** As Go: the dotted capital I becomes a plain `i`; in JavaScript it would leave a combining dot behind. */
function lowerCase(name: string): string {
  return name.replaceAll('\u0130', 'i').toLowerCase();
}

function qualified(before: string, after: string): string {
  return before === after ? before : `${after}-${createHash('sha1').update(before).digest('hex').slice(0, 8)}`;
}
