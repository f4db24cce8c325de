/** Scalars inside v1 values, read as libcalico-go's own JSON readers do (`lib/net`, `lib/numorstring`). `null` and a missing field are the zero value. */
import * as z from 'zod';
import { parseCidrOrIp, parseIp } from '../net.ts';

/** A string that a parser turns into something else; `undefined` from the parser is a problem. */
function parsed<T>(parse: (text: string) => T | undefined, what: string) {
  return z.string().transform((text, context): T => {
    const value = parse(text);
    if (value === undefined) {
      context.addIssue({ code: 'custom', message: `${JSON.stringify(text)} is no ${what}` });
      return z.NEVER;
    }
    return value;
  });
}

export const ip = parsed(parseIp, 'IP address');
export const cidr = parsed(parseCidrOrIp, 'CIDR');
export const mac = parsed(parseMac, 'MAC address');

/** A protocol by number or by name; a name of digits is a number. */
export const protocol = z.union([z.int().min(0).max(255), z.string().transform((text) => parseUint(text, 255) ?? text)], 'expected a protocol: a name or a number up to 255');

/** One port as a number, a range as `1:2`, a named port as its name: the form that v3 has too. */
export const port = z.union([z.int().min(0).max(65535), parsed(parsePort, 'port, port range or port name')], 'expected a port: a number up to 65535, "FIRST:LAST" or a name');

/** AS number, also inside a string and in dotted notation. */
export const asNumber = z.union([z.int().min(0).max(0xffff_ffff), parsed(parseAsNumber, 'AS number')], 'expected an AS number');

export const text = z.string().nullish().transform((value) => value ?? '');
export const flag = z.boolean().nullish().transform((value) => value ?? false);
export const integer = z.int().nullish().transform((value) => value ?? undefined);

export function list<T extends z.ZodType>(element: T) {
  return z.array(element).nullish().transform((value) => value ?? []);
}

/** A map of strings. Not `z.record`, which drops the key `__proto__` without a word. */
export const stringMap = z.custom<Readonly<Record<string, string>>>((value) => isRecord(value) && Object.values(value).every((one) => typeof one === 'string'), 'expected a map of strings');
export const record = stringMap.nullish().transform((value) => value ?? {});

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A decimal without a sign. */
export function parseUint(digits: string, maximum: number): number | undefined {
  if (!/^\d+$/.test(digits)) return undefined;
  const value = Number(digits);
  return value <= maximum ? value : undefined;
}

export function parseAsNumber(value: string): number | undefined {
  const [high, low, ...more] = value.split('.');
  if (low === undefined) return parseUint(value, 0xffff_ffff);
  const [first, second] = [parseUint(high!, 0xffff), parseUint(low, 0xffff)];
  return more.length > 0 || first === undefined || second === undefined ? undefined : first * 0x1_0000 + second;
}

export function parsePort(value: string): number | string | undefined {
  if (/^\d+$/.test(value)) return parseUint(value, 65535);
  const [, first, last] = /^(\d+):(\d+)$/.exec(value) ?? [];
  if (first !== undefined) return parseRange(parseUint(first, 65535), parseUint(last!, 65535));
  return /^[a-zA-Z0-9_.-]{1,128}$/.test(value) ? value : undefined;
}

function parseRange(first: number | undefined, last: number | undefined): number | string | undefined {
  if (first === undefined || last === undefined || first > last) return undefined;
  return first === last ? first : `${first}:${last}`;
}

/** EUI-48, EUI-64 and 20-octet InfiniBand addresses, by bytes (`:` or `-`) or in dotted groups of four digits; printed in lower case with colons. */
function parseMac(value: string): string | undefined {
  const hex = value.toLowerCase();
  const separator = hex[2] === '-' ? '-' : ':';
  const bytes = /^[0-9a-f]{4}\./.test(hex) ? dottedBytes(hex) : hex.split(separator);
  return [6, 8, 20].includes(bytes.length) && bytes.every((byte) => /^[0-9a-f]{2}$/.test(byte)) ? bytes.join(':') : undefined;
}

function dottedBytes(hex: string): readonly string[] {
  return hex.split('.').flatMap((group) => (group.length === 4 ? [group.slice(0, 2), group.slice(2)] : ['']));
}
