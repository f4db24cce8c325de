/**
 * Addresses and networks as Go's `net` reads and prints them: dotted quads of four plain decimals, no zones, RFC 5952, IPv4-mapped IPv6 as IPv4.
 * Stricter than ipaddr.js, which also reads `10.1`, octal and hexadecimal forms.
 */
import ipaddr from 'ipaddr.js';

export interface Ip {
  readonly version: 4 | 6;
  /** 4 or 16 of them. */
  readonly bytes: readonly number[];
}

/** An address and the length of its network; host bits may be set. */
export interface Cidr {
  readonly ip: Ip;
  readonly prefix: number;
}

export function parseIp(text: string): Ip | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** `10.0.0.0/8`; also a bare address, which stands for itself alone (`/32`, `/128`). */
export function parseCidrOrIp(text: string): Cidr | undefined {
  if (text.includes('/')) return parseCidr(text);
  const ip = parseIp(text);
  return ip && { ip, prefix: bits(ip) };
}

export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', digits] = /^([^/]*)\/(\d{1,3})$/.exec(text) ?? [];
  const ip = digits === undefined ? undefined : parseIp(address);
  if (!ip) return undefined;
  const mapped = ip.version === 4 && address.includes(':');
  const prefix = Number(digits) - (mapped ? 96 : 0);
  return prefix >= 0 && prefix <= bits(ip) ? { ip, prefix } : undefined;
}

/** The network that an address lies in: its host bits cleared. */
export function network({ ip, prefix }: Cidr): Cidr {
  const bytes = ip.bytes.map((byte, index) => byte & maskByte(prefix - index * 8));
  return { ip: { version: ip.version, bytes }, prefix };
}

/** Whether no host bit is set. */
export function isNetwork(cidr: Cidr): boolean {
  return cidr.ip.bytes.every((byte, index) => (byte & ~maskByte(cidr.prefix - index * 8) & 0xff) === 0);
}

export function contains(outer: Cidr, ip: Ip): boolean {
  if (outer.ip.version !== ip.version) return false;
  return ip.bytes.every((byte, index) => {
    const mask = maskByte(outer.prefix - index * 8);
    return (byte & mask) === (outer.ip.bytes[index]! & mask);
  });
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return contains(a, b.ip) || contains(b, a.ip);
}

/** Whether the network is one address. */
export function isSingle({ ip, prefix }: Cidr): boolean {
  return prefix === bits(ip);
}

export function formatIp({ version, bytes }: Ip): string {
  return version === 4 ? bytes.join('.') : new ipaddr.IPv6([...bytes]).toRFC5952String();
}

export function formatCidr({ ip, prefix }: Cidr): string {
  return `${formatIp(ip)}/${prefix}`;
}

/** Four plain decimals. Read digit by digit, because a migration reads addresses by the hundred thousand. */
function parseIpv4(text: string): Ip | undefined {
  const bytes: number[] = [];
  let [value, digits] = [0, 0];
  for (let at = 0; at <= text.length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (digits > 0 && value === 0) return undefined;
      value = value * 10 + digit;
      digits++;
      if (value > 255) return undefined;
    } else {
      if (digits === 0 || (at < text.length && text[at] !== '.')) return undefined;
      bytes.push(value);
      [value, digits] = [0, 0];
    }
  }
  return bytes.length === 4 ? { version: 4, bytes } : undefined;
}

const ZERO = 0x30;

const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

function parseIpv6(text: string): Ip | undefined {
  const groups = withoutQuad(text);
  if (!/^[0-9a-fA-F:]*$/.test(groups) || !ipaddr.IPv6.isValid(groups)) return undefined;
  const bytes = ipaddr.IPv6.parse(groups).toByteArray();
  return MAPPED.every((byte, index) => bytes[index] === byte) ? { version: 4, bytes: bytes.slice(12) } : { version: 6, bytes };
}

/** `::ffff:10.0.0.1` -> `::ffff:a00:1`. ipaddr.js takes every address that ends in a quad for a mapped one. */
function withoutQuad(text: string): string {
  const end = text.lastIndexOf(':') + 1;
  const [a, b, c, d] = parseIpv4(text.slice(end))?.bytes ?? [];
  return a === undefined ? text : `${text.slice(0, end)}${(a * 256 + b!).toString(16)}:${(c! * 256 + d!).toString(16)}`;
}

function bits(ip: Ip): number {
  return ip.bytes.length * 8;
}

/** Of the byte whose first bit is `remaining` bits before the end of the prefix. */
function maskByte(remaining: number): number {
  if (remaining >= 8) return 0xff;
  return remaining <= 0 ? 0 : (0xff << (8 - remaining)) & 0xff;
}
