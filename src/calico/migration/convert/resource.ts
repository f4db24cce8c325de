import type { V3Kind, V3Resource } from '../model.ts';

/** Why something can't be converted. The message goes into the report of conversion errors. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError';
}

export function v3Resource(kind: V3Kind, metadata: V3Resource['metadata'], spec: Readonly<Record<string, unknown>>): V3Resource {
  return { kind, apiVersion: 'projectcalico.org/v3', metadata, spec };
}

/** Fields whose values Go's `omitempty` would write; the order stays. `undefined`, `''`, `false`, `0` and empty lists go. */
export function present(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) if (!isEmpty(fields[name])) kept[name] = fields[name];
  return kept;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false || value === 0 || (Array.isArray(value) && value.length === 0);
}

/** Fields that are set; unlike with `present`, zero values stay. For Go's pointers. */
export function defined(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
