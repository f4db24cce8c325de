import { readDocuments, type Source } from '../manifests/documents.ts';
import { LINT_IGNORE } from '../manifests/keys.ts';
import { formatPath, lineOf } from './locate.ts';
import { buildModel, type LintOptions } from './model.ts';
import { csv } from '../manifests/reading.ts';
import { LEVELS, type Finding, type Remark, type Rule } from './rule.ts';
import { rules } from './rules/index.ts';

export interface LintResult {
  /** By file and line. */
  readonly findings: readonly Finding[];
  readonly objects: number;
}

/**
 * Judges the manifests of one application. An object's annotation `hookwave.dev/lint-ignore: code,code` keeps findings about it away.
 * @param sources All files of the application: rules about order look at the whole.
 * @param onRead Told the length of each document that has been read.
 */
export function lintManifests(sources: readonly Source[], options: LintOptions = {}, onRead?: (characters: number) => void): LintResult {
  const set = buildModel(readDocuments(sources, onRead), options);
  const findings = rules.flatMap((rule) => [...rule.check(set)].filter((remark) => !isIgnored(rule, remark)).map((remark) => findingOf(rule, remark)));
  return { findings: findings.sort(compareFindings), objects: set.objects.length };
}

function isIgnored({ code }: Rule, { object }: Remark): boolean {
  return csv(object?.annotations[LINT_IGNORE]).includes(code);
}

function findingOf({ code, level, fix }: Rule, remark: Remark): Finding {
  const { object, path = [], place, message } = remark;
  return {
    code,
    level,
    ...(object && { object: identityOf(object) }),
    file: object?.file ?? place?.file ?? '',
    line: object ? lineOf(object, path) : (place?.line ?? 1),
    ...(path.length > 0 && { path: formatPath(path) }),
    message,
    fix: remark.fix ?? fix,
  };
}

function identityOf({ apiVersion, kind, namespace, name, generateName }: NonNullable<Remark['object']>): NonNullable<Finding['object']> {
  return { apiVersion, kind, ...(namespace && { namespace }), name: name || `${generateName}*` };
}

function compareFindings(a: Finding, b: Finding): number {
  return compareText(a.file, b.file) || a.line - b.line || LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || compareText(a.code, b.code);
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
