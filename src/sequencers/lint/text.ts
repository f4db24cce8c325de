import type { Finding, Level } from './rule.ts';

/** One line a finding: `file:line code level object: message`, and the fix below it. */
export function formatFinding({ file, line, code, level, object, path, message, fix }: Finding, colour: (level: Level, text: string) => string = (_, text) => text): string {
  const what = object ? `${object.kind} ${object.namespace ? `${object.namespace}/` : ''}${object.name}: ` : '';
  return `${file}:${line} ${code} ${colour(level, level)} ${what}${message}${path ? ` (${path})` : ''}\n    fix: ${fix}\n`;
}

/** `3 errors, 1 warning in 40 objects`. */
export function formatSummary(findings: readonly Finding[], objects: number): string {
  const count = (level: Level): number => findings.filter((one) => one.level === level).length;
  const said = (['error', 'warning', 'info'] as const).flatMap((level) => (count(level) > 0 ? [plural(count(level), level)] : []));
  return `${said.join(', ') || 'nothing found'} in ${plural(objects, 'object')}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 || word === 'info' ? '' : 's'}`;
}
