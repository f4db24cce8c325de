import { formatRule } from '../cli/plan-text.ts';
import type { Outline } from '../plan/outline.ts';
import { jobIdOf } from '../plan/groups.ts';
import { flagName } from '../runner/params.ts';
import type { StepDefinition } from '../steps/step.ts';
import { cell, code, GENERATED, table, type Page } from './page.ts';
import type { RunFacts } from './sources.ts';
import * as z from 'zod';

export interface StepsInput {
  readonly steps: readonly { readonly definition: StepDefinition; readonly facts: RunFacts }[];
  /** Upgrades that show which jobs use a step. */
  readonly outlines: readonly Outline[];
}

/** Every step of the runner: parameters, rights, where recipes use it, exit codes, events. */
export function stepsPage({ steps, outlines }: StepsInput): Page {
  const text = `${GENERATED}# Steps

A step is the unit of work of the runner: it looks whether anything is to be done, does it, and reads back what it did. It is safe to run twice, and to kill at any point.
Each runs in a container of its own: \`run STEP --upgrade= --hooks-namespace= --plan= --deadline-seconds=\` and its own flags; \`kubectl logs job/NAME -c STEP\` shows its events,
one JSON object a line. Every step reports \`step-started\` and one of \`step-done\`, \`step-already\`, \`step-skipped\`, \`step-blocked\`, \`step-failed\`, \`step-interrupted\`;
steps that change something also \`lock-waits\`, \`lock-taken-over\`, \`lock-lost\`. Besides its own exit codes a step may end with 0, 10 (a right is missing), 12, 20, 30 and 64: [exit codes](exit-codes.md).

The rights are those for an upgrade called NAME with default parameters from v3.13.4 to v3.32.1; \`hookwave plan --rights\` shows them for yours.

${table(
    ['step', 'what it does'],
    steps.map(({ definition: { name, summary } }) => [`[${name}](#${name})`, cell(summary)]),
  )}

${steps.map((step) => stepText(step, outlines)).join('\n')}`;
  return { path: 'docs/reference/steps.md', text };
}

function stepText({ definition, facts }: StepsInput['steps'][number], outlines: readonly Outline[]): string {
  const { name, summary, params, access, waitsFor } = definition;
  const rules = access(sampleOf(params), { upgrade: 'NAME', namespace: 'hookwave-NAME', plan: '00000000' });
  const used = usesOf(name, outlines);
  const facets = [
    ...(used.length > 0 ? [`Used by: ${used.join('; ')}.`] : []),
    ...(waitsFor ? [`Waits for: ${waitsFor}, without failing.`] : []),
    ...(facts.exitCodes.length > 0 ? [`Fails with: ${facts.exitCodes.join(', ')}.`] : []),
    ...(facts.events.length > 0 ? [`Events: ${facts.events.map(code).join(', ')}.`] : []),
  ];
  const flags = paramRows(params);
  const parts = [
    `## ${name}\n\n${summary}`,
    ...(facets.length > 0 ? [facets.join('  \n')] : []),
    ...(flags.length > 0 ? [table(['flag', 'type', 'default', 'meaning'], flags)] : []),
    `Rights:\n\n${[...new Set(rules.map((rule) => `- ${formatRule(rule)}`))].join('\n')}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** `CalicoUpgrade: job preflight (preflight)`. */
function usesOf(step: string, outlines: readonly Outline[]): readonly string[] {
  const uses = outlines.flatMap(({ kind, name, entries }) =>
    entries.flatMap((entry) => [
      ...entry.steps.filter((one) => one.name === step).map(() => `${kind}, job ${jobIdOf(entry, name)} of phase ${entry.phase}`),
      ...(entry.guard?.name === step ? [`${kind}, guard of ${entry.kind} ${entry.name}`] : []),
    ]),
  );
  return [...new Set(uses)];
}

interface Field {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Field;
  readonly default?: unknown;
  readonly description?: string;
}

function paramRows(params: StepDefinition['params']): readonly (readonly string[])[] {
  const { properties = {}, required = [] } = z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }) as { readonly properties?: Readonly<Record<string, Field>>; readonly required?: readonly string[] };
  return Object.entries(properties).map(([key, field]) => [code(`--${flagName(key)}=`), typeOf(field), initialOf(field, required.includes(key)), cell(field.description ?? '')]);
}

function typeOf({ type, enum: values, items }: Field): string {
  if (values) return values.map((value) => code(String(value))).join(', ');
  return type === 'array' ? `${items?.type ?? 'string'}, joined by commas` : (type ?? 'string');
}

function initialOf({ default: initial }: Field, isRequired: boolean): string {
  if (initial === undefined) return isRequired ? '**required**' : '';
  return code(Array.isArray(initial) ? initial.join(',') : String(initial));
}

/** Parameters for a page: the releases of the example, defaults, and a name for everything else. */
function sampleOf(params: StepDefinition['params']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(params.shape).map(([key, type]) => {
      const initial = type.safeParse(undefined);
      return [key, SAMPLES[key] ?? (initial.success ? initial.data : key.toUpperCase())];
    }),
  );
}

const SAMPLES: Readonly<Record<string, string>> = { from: 'v3.13.4', to: 'v3.32.1' };
