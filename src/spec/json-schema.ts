import * as z from 'zod';
import { API_VERSION, MAX_NAME_LENGTH, type SpecKind } from './kind.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The `spec` of one kind, as JSON Schema draft 7. */
export function schemaOfSpec({ schema }: SpecKind): JsonSchema {
  const { $schema: _version, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
  return rest;
}

/** A document of a spec file, of any kind: for editors. `hookwave plan` checks more, such as the files that a spec names. */
export function documentSchema(kinds: readonly SpecKind[]): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'hookwave',
    description: 'An upgrade for hookwave.',
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    additionalProperties: false,
    properties: {
      apiVersion: { const: API_VERSION },
      kind: { enum: kinds.map(({ kind }) => kind), description: kinds.map(({ kind, summary }) => `${kind}: ${summary}.`).join('\n') },
      metadata: {
        type: 'object',
        required: ['name'],
        additionalProperties: false,
        properties: { name: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: MAX_NAME_LENGTH, description: 'Name of the upgrade; part of every name in the cluster.' } },
      },
      spec: { type: 'object' },
    },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    allOf: kinds.map((kind) => ({ if: { properties: { kind: { const: kind.kind } } }, then: { properties: { spec: schemaOfSpec(kind) } } })),
  };
}
