import { parse } from 'yaml';
import type { OutputFile } from '../../../../src/sequencers/output.ts';

/** Evaluates exactly the template language that the generator emits, so that the fast tests need no Helm. Anything else is an error. */
export function miniRender(files: readonly OutputFile[], overrides: Readonly<Record<string, unknown>> = {}): string {
  const values = { ...(parse(files.find(({ name }) => name === 'values.yaml')?.text ?? '') as object), ...overrides };
  return files
    .filter(({ name }) => name.startsWith('templates/') && name.endsWith('.yaml'))
    .map(({ text }) => `${render(text, values)}\n`)
    .join('---\n');
}

export function render(text: string, values: object): string {
  return text
    .replace(/^\{\{- if and \.Values\.namespace\.create .*\}\}\n([^]*)\{\{- end \}\}\n$/m, '$1')
    .replace(/\{\{(-? .*? -?|"\{+")\}\}/g, (_all, action: string) => evaluate(action, values));
}

function evaluate(action: string, values: object): string {
  if (/^"\{+"$/.test(action)) return action.slice(1, -1);
  const expression = action.replace(/^-? | -?$/g, '');
  const quoted = /^\.Values\.([\w.]+) \| quote$/.exec(expression)?.[1];
  if (quoted !== undefined) return JSON.stringify(at(values, quoted));
  const plain = /^include "hookwave\.seconds" \.Values\.([\w.]+)$/.exec(expression)?.[1];
  if (plain !== undefined) return String(seconds(at(values, plain)));
  const [, field, plus] = /^add \(include "hookwave\.seconds" \.Values\.([\w.]+)\) (-?\d+)$/.exec(expression) ?? [];
  if (field !== undefined) return String(seconds(at(values, field)) + Number(plus));
  if (expression.startsWith('/*')) return '';
  throw new Error(`the generator does not emit {{${action}}}`);
}

function at(values: object, path: string): string {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], values) as string;
}

function seconds(duration: string): number {
  return Number(duration.slice(0, -1)) * ({ s: 1, m: 60, h: 3600 }[duration.slice(-1)] ?? Number.NaN);
}
