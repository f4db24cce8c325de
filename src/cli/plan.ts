import { kinds } from '../../charts/index.ts';
import { outline } from '../constructs/outline.ts';
import type { Outline, OutlineEntry, OutlineStep } from '../plan/outline.ts';
import { PHASES, type Phase } from '../plan/phases.ts';
import { loadSpecs } from '../spec/load.ts';
import type { AccessRule } from '../steps/step.ts';
import type { Io } from './io.ts';
import { chartOf } from './synthesize.ts';

export interface PlanOptions {
  readonly file: string;
  readonly output: 'text' | 'json';
}

/** Prints what each upgrade of a file will do: phases, waves, hooks, steps, why each is there and what it may touch. */
export async function plan({ file, output }: PlanOptions, io: Io): Promise<void> {
  const loaded = await loadSpecs(file, kinds);
  const outlines = loaded.map((one) => outline(chartOf(one)));
  io.out(output === 'json' ? `${JSON.stringify(outlines, null, 2)}\n` : outlines.map(formatOutline).join('\n'));
}

export function formatOutline(upgrade: Outline): string {
  const head = [
    `${upgrade.kind} ${upgrade.name}: ${upgrade.from} -> ${upgrade.to}`,
    `plan ${upgrade.plan}, hooks and run record in namespace ${upgrade.namespace}`,
    ...upgrade.notes.map((note) => `  ! ${note}`),
  ];
  return `${[...head, ...PHASES.flatMap((phase) => formatPhase(phase, upgrade.entries))].join('\n')}\n`;
}

function formatPhase(phase: Phase, entries: readonly OutlineEntry[]): readonly string[] {
  const own = entries.filter((entry) => entry.phase === phase);
  return own.length === 0 ? [] : ['', phase, ...collapse(own)];
}

/** Objects of one wave, kind and reason share a line; Jobs show their steps. */
function collapse(entries: readonly OutlineEntry[]): readonly string[] {
  const lines = new Map<string, { readonly entry: OutlineEntry; readonly names: string[] }>();
  for (const entry of entries) {
    const key = entry.steps.length > 0 ? entry.name : [entry.wave, entry.mode, entry.kind, entry.why].join('|');
    const line = lines.get(key) ?? { entry, names: [] };
    line.names.push(entry.name);
    lines.set(key, line);
  }
  return [...lines.values()].flatMap(({ entry, names }) => [
    `  ${String(entry.wave).padStart(3)}  ${entry.mode.padEnd(7)}  ${entry.kind} ${names.length > 3 ? `(${names.length})` : names.join(', ')}: ${entry.why}`,
    ...entry.steps.flatMap(formatStep),
  ]);
}

function formatStep({ name, summary, access }: OutlineStep): readonly string[] {
  return [`                  - ${name}: ${summary}`, ...access.map((rule) => `                      may ${formatRule(rule)}`)];
}

export function formatRule({ apiGroup, resources, verbs, resourceNames, namespace }: AccessRule): string {
  const what = resources.map((resource) => (apiGroup ? `${resource}.${apiGroup}` : resource)).join(', ');
  const which = resourceNames ? ` ${resourceNames.join(', ')}` : '';
  return `${verbs.join('/')} ${what}${which}${namespace ? ` in ${namespace}` : ''}`;
}
