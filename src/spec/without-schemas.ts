import { readManifestDocument } from './manifest-text.ts';

/** What a custom resource definition says but for its schemas, which are most of its text and are not parsed. @throws Error for broken YAML */
export function readWithoutSchemas(text: string): unknown {
  return readManifestDocument(withoutSchemas(text));
}

/** Replaces every block below a `schema:` key by an empty mapping. */
function withoutSchemas(text: string): string {
  const kept: string[] = [];
  let schemaIndent = -1;
  for (const line of text.split('\n')) {
    const indent = line.search(/\S/);
    if (schemaIndent >= 0 && (indent < 0 || indent > schemaIndent)) continue;
    const schema = /^( *(?:- )?)schema:\s*$/.exec(line);
    schemaIndent = schema?.[1] === undefined ? -1 : schema[1].length;
    kept.push(schema ? `${schema[1]}schema: {}` : line);
  }
  return kept.join('\n');
}
