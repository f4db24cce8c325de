import type { FieldProblem } from './problem.ts';

const LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const LABEL_NAME = new RegExp(`^${LABEL}$`);
const SUBDOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const MAXIMUM_NAME = 253;

/** DNS-1123 subdomain, without a limit of length: names inside a spec. */
export function isName(name: string): boolean {
  return SUBDOMAIN.test(name);
}

/** A DNS-1123 label's characters, without its limit of 63. */
export function isLabelName(name: string): boolean {
  return LABEL_NAME.test(name);
}

export function nameProblems(name: string, { dots }: { readonly dots: boolean }): readonly FieldProblem[] {
  const problem = (reason: string): FieldProblem => ({ field: 'Metadata.Name', value: name, reason });
  const allowed = dots ? "lower case letters, digits, '-' and '.', with a letter or digit at both ends of each part" : "lower case letters, digits and '-', with a letter or digit at both ends";
  return [
    ...(name.length > MAXIMUM_NAME ? [problem(`name is too long by ${name.length - MAXIMUM_NAME} bytes`)] : []),
    ...((dots ? isName(name) : isLabelName(name)) ? [] : [problem(`name must consist of ${allowed}`)]),
  ];
}

/** Kubernetes' qualified name: an optional DNS subdomain and `/`, then up to 63 characters. */
export function isQualifiedName(text: string): boolean {
  const parts = text.split('/');
  if (parts.length > 2) return false;
  const prefix = parts.length === 2 ? parts[0]! : undefined;
  return (prefix === undefined || (prefix.length <= MAXIMUM_NAME && isName(prefix))) && QUALIFIED.test(parts.at(-1)!);
}

const QUALIFIED = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** Kubernetes' label value: empty, or like the name part of a qualified name. */
export function isLabelValue(text: string): boolean {
  return text === '' || QUALIFIED.test(text);
}

/** Kubernetes' port name (`IsValidPortName`). */
export function isPortName(text: string): boolean {
  return text.length <= 15 && /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(text) && /[a-z]/.test(text) && !text.includes('--');
}
