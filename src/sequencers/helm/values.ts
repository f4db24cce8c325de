import { stringify } from 'yaml';
import { GENERATED } from '../output.ts';
import type { JsonSchema, Parameter } from './parameters.ts';
import { YAML_STYLE } from '../../yaml-style.ts';

/** values.yaml: every value with its description. */
export function valuesYaml(parameters: readonly Parameter[]): string {
  const sections = [...bySection(parameters)].map(([section, members]) => {
    const lines = members.flatMap(({ path: [, name], value, schema }) => [...comment(schema), `  ${stringify({ [name]: value }, YAML_STYLE).trimEnd()}`]);
    return `\n${section}:\n${lines.join('\n')}\n`;
  });
  return `# ${GENERATED}\n# The defaults are what the spec says. Everything else in a spec is part of the plan, and is changed by a commit.\n${sections.join('')}`;
}

function comment({ description }: JsonSchema): readonly string[] {
  return typeof description === 'string' ? [`  # ${description.replace(/\s+/g, ' ')}`] : [];
}

/** values.schema.json, draft 7: what all Helms since 3.0 read. `global` is what a parent chart hands down. */
export function valuesSchema(parameters: readonly Parameter[]): string {
  const sections = [...bySection(parameters)].map(([section, members]) => {
    const properties = Object.fromEntries(members.map(({ path: [, name], value, schema }) => [name, { ...schema, default: value }]));
    return [section, { type: 'object', properties, required: Object.keys(properties), additionalProperties: false }] as const;
  });
  const schema = {
    $comment: GENERATED,
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { ...Object.fromEntries(sections), global: { type: 'object' } },
    required: sections.map(([section]) => section),
    additionalProperties: false,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function bySection(parameters: readonly Parameter[]): ReadonlyMap<string, readonly Parameter[]> {
  const sections = new Map<string, Parameter[]>();
  for (const parameter of parameters) sections.set(parameter.path[0], [...(sections.get(parameter.path[0]) ?? []), parameter]);
  return sections;
}
