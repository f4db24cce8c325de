import type { Finding, Level } from './rule.ts';
import { rules } from './rules/index.ts';

const SARIF_LEVEL: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * Findings as SARIF 2.1.0 (OASIS, sarif-v2.1.0-os), which code hosts show beside the lines of a change.
 * @param version Of hookwave.
 */
export function toSarif(findings: readonly Finding[], version: string): object {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'hookwave', semanticVersion: version, rules: rules.map(describeRule) } }, columnKind: 'utf16CodeUnits', results: findings.map(resultOf) }],
  };
}

function describeRule({ code, level, title, why, fix, source }: (typeof rules)[number]): object {
  return {
    id: code,
    name: code,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${fix}\n\nSource: ${source}`, markdown: `${why}\n\n**Fix:** ${fix}\n\nSource: ${source}` },
    defaultConfiguration: { level: SARIF_LEVEL[level] },
  };
}

function resultOf({ code, level, object, file, line, path, message, fix }: Finding): object {
  const name = object && `${object.kind} ${object.namespace ? `${object.namespace}/` : ''}${object.name}`;
  return {
    ruleId: code,
    ruleIndex: rules.findIndex((rule) => rule.code === code),
    level: SARIF_LEVEL[level],
    message: { text: `${name ? `${name}: ` : ''}${message}. Fix: ${fix}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line } },
        ...(name && { logicalLocations: [{ fullyQualifiedName: path ? `${name} ${path}` : name, kind: 'object' }] }),
      },
    ],
  };
}

/** Relative paths stay relative; SARIF wants URI references with forward slashes. */
function uriOf(file: string): string {
  return encodeURI(file.replaceAll('\\', '/')).replaceAll('#', '%23').replaceAll('?', '%3F');
}
