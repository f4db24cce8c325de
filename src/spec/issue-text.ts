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
  if (issue.code === 'invalid_type') return `write a ${issue.expected === 'record' ? 'mapping' : issue.expected}`;
  if (issue.code === 'invalid_value') return `use ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
  return 'see the reference of this kind for what belongs here';
}

/** A field that has to be there and is not; the message of zod is the only place that says so. */
export function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
}
