import * as z from 'zod';
import { kinds } from '../../charts/index.ts';
import { schemaText } from '../cli/schema.ts';
import { duration, filePath, objectName, planDigest, release } from '../spec/fields.ts';
import { schemaOfSpec, type JsonSchema } from '../spec/json-schema.ts';
import { API_VERSION, MAX_NAME_LENGTH, type SpecKind } from '../spec/kind.ts';
import { cell, code, GENERATED, table, type Page } from './page.ts';

/** A page for each kind of upgrade, and the JSON Schema of all of them. */
export function specPages(): readonly Page[] {
  return [...kinds.map(kindPage), { path: 'schema/hookwave.schema.json', text: schemaText() }];
}

function kindPage(kind: SpecKind): Page {
  const text = `${GENERATED}# ${kind.kind}

${kind.summary}.

\`\`\`yaml
${kind.template.trimEnd()}
\`\`\`

A file may hold several documents; each is one upgrade with a name of its own. \`apiVersion\` is \`${API_VERSION}\`; \`metadata.name\` has at most ${MAX_NAME_LENGTH} characters and is
part of every name in the cluster. Unknown fields are errors. Durations are a whole number with a unit: \`90s\`, \`30m\`, \`2h\`. Paths are relative to the file.
Editors complete and check the file with [the JSON Schema](../../schema/hookwave.schema.json): [how](../how-to/editor.md).

${table(
    ['field', 'type', 'default', 'meaning'],
    rowsOf(schemaOfSpec(kind), 'spec').map(({ path, type, initial, meaning }) => [code(path), type, initial, cell(meaning)]),
  )}
`;
  return { path: `docs/reference/spec-${kebab(kind.kind)}.md`, text };
}

function kebab(kind: string): string {
  return kind.replaceAll(/[a-z](?=[A-Z])/g, '$&-').toLowerCase();
}

interface FieldRow {
  readonly path: string;
  readonly type: string;
  readonly initial: string;
  readonly meaning: string;
}

/** The fields below a path, each once, parents first. */
export function rowsOf(schema: JsonSchema, path: string): readonly FieldRow[] {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.entries(properties).flatMap(([name, field]) => {
    const at = `${path}.${name}`;
    const items = field['items'] as JsonSchema | undefined;
    const row = { path: at, type: typeOf(field), initial: required.includes(name) ? '**required**' : initialOf(field), meaning: String(field['description'] ?? '') };
    return [row, ...rowsOf(field, at), ...(items ? rowsOf(items, `${at}[]`) : [])];
  });
}

function initialOf(field: JsonSchema): string {
  const initial = field['default'];
  return initial === undefined || 'properties' in field ? '' : code(typeof initial === 'string' ? initial : JSON.stringify(initial));
}

function typeOf(field: JsonSchema): string {
  const { anyOf, const: only, enum: values, type, items, additionalProperties, pattern } = field as Readonly<Record<string, unknown>> & { readonly anyOf?: readonly JsonSchema[]; readonly enum?: readonly unknown[] };
  if (anyOf) return anyOf.map(typeOf).join(' or ');
  if (only !== undefined) return code(String(only));
  if (values) return values.map((value) => code(String(value))).join(', ');
  if (type === 'array') return `list of ${typeOf(items as JsonSchema)}`;
  if (type === 'object' && additionalProperties && !('properties' in field)) return 'map';
  return NAMED.get(String(pattern)) ?? String(type ?? 'any');
}

/** Texts of a certain shape, by the pattern that says so. */
const NAMED = new Map(
  Object.entries({ duration, release, path: filePath, name: objectName, 'plan digest': planDigest }).map(([name, schema]) => [String(z.toJSONSchema(schema, { io: 'input' })['pattern']), name]),
);
