import { formatCidr, parseCidrOrIp } from '../net.ts';
import { parsePort, parseUint } from '../v1/scalars.ts';
import { formatDuration, parseNanoseconds, UNITS } from './duration.ts';
import type { FelixType } from './fields.ts';

export type FelixValue = { readonly value: unknown; readonly note?: string } | { readonly problem: string };

/** Converts one raw v1 setting. `note` says what of it v3 can't express. */
export function convertFelixValue(type: FelixType, raw: string): FelixValue {
  return CONVERTERS[type](raw);
}

const CONVERTERS: Readonly<Record<FelixType, (raw: string) => FelixValue>> = {
  bool: (raw) => orProblem(BOOLEANS.get(raw), `failed to parse bool field: "${raw}" is no boolean`),
  int: (raw) => orProblem(parseInteger(raw), `failed to parse int field: "${raw}" is no whole number`),
  uint32: (raw) => orProblem(parseMask(raw), `failed to parse uint32 field: "${raw}" is no whole number up to 0xffffffff`),
  seconds: (raw) => convertDuration(raw, UNITS.seconds),
  milliseconds: (raw) => convertDuration(raw, UNITS.milliseconds),
  string: (raw) => ({ value: raw }),
  'log level': convertFelixLogLevel,
  'protocol ports': convertProtocolPorts,
  ports: (raw) => convertList(raw, parsePort, 'failed to parse ports: expected FIRST:LAST or a number, not'),
  port: (raw) => orProblem(parsePort(raw.trim()), `failed to parse port range: expected FIRST:LAST, not "${raw}"`),
  CIDRs: (raw) => convertList(raw, readCidr, 'failed to parse CIDR list: this is no CIDR:'),
  'host action': (raw) => ({ value: spelled(raw, ['Drop', 'Accept', 'Return']) }),
  'allow action': (raw) => ({ value: spelled(raw, ['Accept', 'Return']) }),
};

function orProblem(value: unknown, problem: string): FelixValue {
  return value === undefined ? { problem } : { value };
}

/** Go's `strconv.ParseBool`. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
]);

function parseInteger(raw: string): number | undefined {
  const value = /^[+-]?\d+$/.test(raw) ? Number(raw) : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Masks are usually written in hexadecimal, which upstream's migration refuses. */
function parseMask(raw: string): number | undefined {
  return /^0[xX][0-9a-fA-F]{1,8}$/.test(raw) ? Number(raw) : parseUint(raw, 0xffff_ffff);
}

function convertDuration(raw: string, unit: number): FelixValue {
  const nanoseconds = parseNanoseconds(raw, unit);
  return nanoseconds === undefined ? { problem: `failed to parse float for Duration field: "${raw}" is no number` } : { value: formatDuration(nanoseconds) };
}

const LOG_LEVELS: ReadonlyMap<string, string> = new Map([
  ['debug', 'Debug'],
  ['info', 'Info'],
  ['warning', 'Warning'],
  ['error', 'Error'],
  ['fatal', 'Fatal'],
  ['panic', 'Fatal'],
  ['', ''],
]);

/** What v3 does not know becomes Info, as upstream has it. */
export function convertLogLevel(raw: string): string {
  return LOG_LEVELS.get(raw.toLowerCase()) ?? 'Info';
}

function convertFelixLogLevel(raw: string): FelixValue {
  const value = convertLogLevel(raw);
  return LOG_LEVELS.has(raw.toLowerCase()) ? { value } : { value, note: `v3 has no log level "${raw}"; it became ${value}` };
}

/** `none`, or a comma list of `[tcp|udp:]port`. A list without a port leaves v3's default in force, never no ports at all. */
function convertProtocolPorts(raw: string): FelixValue {
  if (raw.toLowerCase() === 'none') return { value: [] };
  const value: object[] = [];
  for (const part of raw.split(',').map(trimBlanks).filter((one) => one !== '')) {
    const port = readProtocolPort(part);
    if (typeof port === 'string') return { problem: `failed to parse ProtoPort-${port}: "${part}"` };
    value.push(port);
  }
  return value.length > 0 ? { value } : { value: undefined, note: 'it names no port, so the default of v3 applies' };
}

function trimBlanks(text: string): string {
  return text.replaceAll(/^ +| +$/g, '');
}

function readProtocolPort(text: string): { readonly protocol: string; readonly port: number } | string {
  const parts = text.split(':');
  if (parts.length > 2) return 'ports should be <protocol>:<number> or <number>';
  const protocol = parts.length > 1 ? parts[0]!.toUpperCase() : 'TCP';
  if (protocol !== 'TCP' && protocol !== 'UDP') return 'unknown protocol';
  const port = parseInteger(parts.at(-1)!);
  if (port === undefined) return 'ports should be integers';
  return port < 0 || port > 65535 ? 'ports must be in range 0-65535' : { protocol, port };
}

function convertList<T>(raw: string, parse: (text: string) => T | undefined, problem: string): FelixValue {
  const value: T[] = [];
  for (const text of raw.split(',').map((one) => one.trim()).filter((one) => one !== '')) {
    const one = parse(text);
    if (one === undefined) return { problem: `${problem} "${text}"` };
    value.push(one);
  }
  return { value };
}

function readCidr(text: string): string | undefined {
  const cidr = parseCidrOrIp(text);
  return cidr && formatCidr(cidr);
}

/** v3 knows these words in one spelling only; v1 in any. Other words stay, and validation refuses them. */
function spelled(raw: string, words: readonly string[]): string {
  return words.find((word) => word.toLowerCase() === raw.toLowerCase()) ?? raw;
}
