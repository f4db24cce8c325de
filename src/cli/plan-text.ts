import { groupsOf, jobIdOf, namesOf, type Group } from '../plan/groups.ts';
import type { Outline, OutlineStep } from '../plan/outline.ts';
import { PHASES, type Phase } from '../plan/phases.ts';
import type { AccessRule } from '../steps/step.ts';
import { WIDTH, wrap } from './wrap.ts';

export interface TextOptions {
  /** What each step may touch, and the objects that give the right. */
  readonly rights: boolean;
  /** Columns. @default 100 */
  readonly width?: number;
}

/** An upgrade for people: phases, waves, what runs there and why. */
export function formatOutline(upgrade: Outline, { rights, width = WIDTH }: TextOptions): string {
  const lines = [
    ...wrap('', `${upgrade.kind} ${upgrade.name}: ${upgrade.from} -> ${upgrade.to}`, width),
    ...wrap('', `plan ${upgrade.plan}, hooks and run record in namespace ${upgrade.namespace}`, width),
    ...upgrade.notes.flatMap((note) => wrap('  ! ', note, width)),
    ...PHASES.flatMap((phase) => formatPhase(phase, upgrade, { rights, width })),
    ...(rights ? [] : ['', ...wrap('', 'Every job runs under an account of its own with just the rights that its steps declare: --rights shows them.', width)]),
  ];
  return `${lines.join('\n')}\n`;
}

function formatPhase(phase: Phase, { entries, name }: Outline, options: Required<TextOptions>): readonly string[] {
  const own = entries.filter((entry) => entry.phase === phase && (options.rights || entry.serves === undefined));
  return own.length === 0 ? [] : ['', phase, ...groupsOf(own).flatMap((group) => formatGroup(group, name, options))];
}

function formatGroup(group: Group, upgrade: string, options: Required<TextOptions>): readonly string[] {
  const { entry, entries } = group;
  const isJob = entry.steps.length > 0;
  const what = isJob ? `${entry.mode === 'hook' ? 'hook' : 'once'} ${jobIdOf(entry, upgrade)}` : namesOf(group).join(', ');
  const guards = entries.flatMap(({ guard }) => (guard ? [{ ...guard, name: `guard ${guard.name}` }] : []));
  return [...wrap(`  ${String(entry.wave).padStart(3)}  `, `${what}: ${entry.why}`, options.width), ...formatSteps([...entry.steps, ...guards], options)];
}

function formatSteps(steps: readonly OutlineStep[], { rights, width }: Required<TextOptions>): readonly string[] {
  const longest = Math.max(0, ...steps.map(({ name }) => name.length));
  return steps.flatMap(({ name, summary, waitsFor, access }) => [
    ...wrap(`         ${name.padEnd(longest)}  `, `${summary}${waitsFor ? ` Waits for: ${waitsFor}.` : ''}`, width),
    ...(rights ? access.flatMap((rule) => wrap('           may ', formatRule(rule), width)) : []),
  ]);
}

/** `get/list jobs.batch NAME in NAMESPACE`. */
export function formatRule({ apiGroup, resources, verbs, resourceNames, namespace }: AccessRule): string {
  const what = resources.map((resource) => (apiGroup ? `${resource}.${apiGroup}` : resource)).join(', ');
  const which = resourceNames ? ` ${resourceNames.join(', ')}` : '';
  return `${verbs.join('/')} ${what}${which}${namespace ? ` in ${namespace}` : ''}`;
}
