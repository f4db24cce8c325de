import type { z } from 'zod';

/** Field types write `message; fix`. */
export function explanation(text: string): [message: string, fix: string | undefined] {
  const at = text.indexOf('; ');
  return at < 0 ? [lowerFirst(text), undefined] : [text.slice(0, at), text.slice(at + 2)];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

export function genericFix(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `write ${EXPECTED[issue.expected] ?? `a ${issue.expected}`}`;
  if (issue.code === 'invalid_value') return `use ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
  return 'see the reference of this kind for what belongs here';
}

const EXPECTED: Readonly<Record<string, string>> = { record: 'a mapping', object: 'a mapping', array: 'a list', string: 'text', boolean: 'true or false' };

/** A field that has to be there and is not. Needs `reportInput`. */
export function isMissing(issue: z.core.$ZodIssue): boolean {
  return (issue.code === 'invalid_type' || issue.code === 'invalid_value') && 'input' in issue && issue.input === undefined;
}

/** What is wrong in a YAML text; the place is known apart, and the lines of the text that follow are not repeated. */
export function firstLine(message: string): string {
  return lowerFirst((message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''));
}
