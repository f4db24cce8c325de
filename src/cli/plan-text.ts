import { groupsOf, jobIdOf, namesOf, type Group } from '../plan/groups.ts';
import type { Outline, OutlineStep } from '../plan/outline.ts';
import { PHASES, type Phase } from '../plan/phases.ts';
import type { AccessRule } from '../steps/step.ts';

export interface TextOptions {
  /** What each step may touch, and the objects that give the right. */
  readonly rights: boolean;
}

/** An upgrade for people: phases, waves, what runs there and why. */
export function formatOutline(upgrade: Outline, { rights }: TextOptions): string {
  const lines = [
    `${upgrade.kind} ${upgrade.name}: ${upgrade.from} -> ${upgrade.to}`,
    `plan ${upgrade.plan}, hooks and run record in namespace ${upgrade.namespace}`,
    ...upgrade.notes.map((note) => `  ! ${note}`),
    ...PHASES.flatMap((phase) => formatPhase(phase, upgrade, rights)),
    ...(rights ? [] : ['', 'Every job runs under an account of its own with just the rights that its steps declare: --rights shows them.']),
  ];
  return `${lines.join('\n')}\n`;
}

function formatPhase(phase: Phase, { entries, name }: Outline, rights: boolean): readonly string[] {
  const own = entries.filter((entry) => entry.phase === phase && (rights || entry.serves === undefined));
  return own.length === 0 ? [] : ['', phase, ...groupsOf(own).flatMap((group) => formatGroup(group, name, rights))];
}

function formatGroup(group: Group, upgrade: string, rights: boolean): readonly string[] {
  const { entry, entries } = group;
  const isJob = entry.steps.length > 0;
  const what = isJob ? `${entry.mode === 'hook' ? 'hook' : 'once'} ${jobIdOf(entry, upgrade)}` : namesOf(group).join(', ');
  const guards = entries.flatMap(({ guard }) => (guard ? [{ ...guard, name: `guard ${guard.name}` }] : []));
  return [`  ${String(entry.wave).padStart(3)}  ${what}: ${entry.why}`, ...formatSteps([...entry.steps, ...guards], rights)];
}

function formatSteps(steps: readonly OutlineStep[], rights: boolean): readonly string[] {
  const width = Math.max(0, ...steps.map(({ name }) => name.length));
  return steps.flatMap(({ name, summary, waitsFor, access }) => [
    `         ${name.padEnd(width)}  ${summary}${waitsFor ? ` Waits for: ${waitsFor}.` : ''}`,
    ...(rights ? access.map((rule) => `           may ${formatRule(rule)}`) : []),
  ]);
}

/** `get/list jobs.batch NAME in NAMESPACE`. */
export function formatRule({ apiGroup, resources, verbs, resourceNames, namespace }: AccessRule): string {
  const what = resources.map((resource) => (apiGroup ? `${resource}.${apiGroup}` : resource)).join(', ');
  const which = resourceNames ? ` ${resourceNames.join(', ')}` : '';
  return `${verbs.join('/')} ${what}${which}${namespace ? ` in ${namespace}` : ''}`;
}
