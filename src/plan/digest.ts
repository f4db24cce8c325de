import { sha256 } from '../spec/sha256.ts';

/** The first 8 hex digits of the SHA-256 of a value's canonical JSON (keys sorted, `undefined` members left out). */
export function digest(value: unknown): string {
  return sha256(canonicalJson(value)).slice(0, 8);
}

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => (isPlainObject(member) ? sortKeys(member) : member));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortKeys(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
